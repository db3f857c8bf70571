/* Options of a command line (POSIX, "getopt"; the long forms as GNU has them).
 *
 * getopt() stops at the first argument that is no option, unless the letters begin with '-' (such an
 * argument is then that of option 1). getopt_long() goes on behind it and moves what it passed to the
 * end of argv, unless the letters begin with '+' or POSIXLY_CORRECT is set. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *optarg;
int optind = 1, opterr = 1, optopt, optreset;

static const char *rest; /* further letters of the word at optind; NULL: it was not begun */

struct scan {
    int argc;
    char *const *argv;
    const char *letters;
    const struct option *longs;
    int *index; /* of the long option found; may be NULL */
    bool only;  /* long ones may begin with a single - */
};

static bool wants_colon(const struct scan *scan)
{
    return scan->letters[strspn(scan->letters, "+-")] == ':';
}

/* Say what is wrong with option `name`. => what getopt returns then. */
static int wrong(const struct scan *scan, const char *words, const char *name, size_t len, bool missing)
{
    if (opterr && !wants_colon(scan))
        fprintf(stderr, "%s: %s '%.*s'\n", scan->argv[0], words, (int)len, name);
    return missing && wants_colon(scan) ? ':' : '?';
}

static int short_option(const struct scan *scan)
{
    const char *found, *word = rest, *letters = scan->letters + strspn(scan->letters, "+-");

    optopt = (unsigned char)*rest++;
    found = optopt == ':' || optopt == ';' ? NULL : strchr(letters, optopt);
    if (found && found[1] == ':') {
        bool given = *rest;
        optarg = given ? (char *)rest : NULL;
        rest = NULL;
        optind++;
        if (!given && found[2] != ':') {
            if (optind >= scan->argc)
                return wrong(scan, "option requires an argument --", word, 1, true);
            optarg = scan->argv[optind++];
        }
        return optopt;
    }
    if (!*rest) {
        rest = NULL;
        optind++;
    }
    return found ? optopt : wrong(scan, "invalid option --", word, 1, false);
}

/* The one that is called `name`, or the only one that begins so (or all such mean the same, where a
 * long option is plainly one).
 * => its index; -1: none, -2: several. */
static int find_long(const struct scan *scan, const char *name, size_t len)
{
    int found = -1;

    for (int i = 0; scan->longs[i].name; i++) {
        const struct option *option = &scan->longs[i], *other = &scan->longs[found < 0 ? i : found];
        if (strncmp(option->name, name, len))
            continue;
        if (!option->name[len])
            return i;
        if ((scan->only && option != other) || option->has_arg != other->has_arg || option->flag != other->flag ||
            option->val != other->val)
            return -2;
        found = found < 0 ? i : found;
    }
    return found;
}

static int take_long(const struct scan *scan, const char *word, const char *name, size_t len, int i)
{
    const struct option *option = &scan->longs[i];
    bool given = name[len] == '=';
    size_t all = (size_t)(name - word) + len;

    optopt = option->flag ? 0 : option->val;
    if (given && option->has_arg == no_argument)
        return wrong(scan, "option doesn't allow an argument --", word, all, false);
    optarg = given ? (char *)name + len + 1 : NULL;
    if (!given && option->has_arg == required_argument) {
        if (optind >= scan->argc)
            return wrong(scan, "option requires an argument --", word, all, true);
        optarg = scan->argv[optind++];
    }
    if (scan->index)
        *scan->index = i;
    if (!option->flag)
        return option->val;
    *option->flag = option->val;
    return 0;
}

/* A single letter that is an option: not the start of a long one. */
static bool is_short(const struct scan *scan, const char *word)
{
    return !word[2] && strchr(scan->letters, word[1]);
}

/* The word at optind, which begins with - and has more. */
static int option_in(const struct scan *scan)
{
    const char *word = scan->argv[optind], *name = word + 1 + (word[1] == '-');
    bool is_double = word[1] == '-';
    size_t len = strcspn(name, "=");
    int i;

    if (rest || !scan->longs || (!is_double && (!scan->only || is_short(scan, word)))) {
        rest = rest ? rest : word + 1;
        return short_option(scan);
    }
    i = find_long(scan, name, len);
    if (i == -1 && !is_double && strchr(scan->letters, word[1])) {
        rest = word + 1;
        return short_option(scan);
    }
    optind++;
    optopt = 0;
    if (i < 0)
        return wrong(scan, i == -1 ? "unrecognized option" : "ambiguous option --", word,
                     (size_t)(name - word) + len, false);
    return take_long(scan, word, name, len, i);
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1];
}

/* Bring the `count` words before optind to `first`, behind them what stood there. */
static void move_ahead(char **argv, int first, int count)
{
    for (int i = optind - count; i < optind; i++, first++) {
        char *word = argv[i];
        memmove(argv + first + 1, argv + first, (size_t)(i - first) * sizeof *argv);
        argv[first] = word;
    }
}

static int next_option(const struct scan *scan, bool permute)
{
    int first, begin, found;

    if (optind == 0 || optreset) {
        optind = optind ? optind : 1;
        optreset = 0;
        rest = NULL;
    }
    optarg = NULL;
    first = begin = optind;
    if (optind < scan->argc && rest && !*rest)
        rest = NULL;
    while (permute && begin < scan->argc && !is_option(scan->argv[begin]))
        begin++;
    if (begin >= scan->argc || !scan->argv[begin])
        return -1;
    if (!is_option(scan->argv[begin])) {
        if (*scan->letters != '-')
            return -1;
        optarg = scan->argv[optind++];
        return 1;
    }
    optind = begin;
    found = strcmp(scan->argv[begin], "--") || rest ? option_in(scan) : (optind++, -1);
    if (begin > first) {
        int taken = optind - begin;
        move_ahead((char **)scan->argv, first, taken);
        optind = first + taken;
    }
    return found;
}

int getopt(int argc, char *const argv[], const char *letters)
{
    return next_option(&(struct scan){.argc = argc, .argv = argv, .letters = letters}, false);
}

static int long_options(const struct scan *scan)
{
    return next_option(scan, !strchr("+-", *scan->letters) || !*scan->letters
                                 ? !getenv("POSIXLY_CORRECT")
                                 : false);
}

int getopt_long(int argc, char *const argv[], const char *letters, const struct option *longs,
                int *index)
{
    return long_options(&(struct scan){argc, argv, letters, longs, index, false});
}

int getopt_long_only(int argc, char *const argv[], const char *letters, const struct option *longs,
                     int *index)
{
    return long_options(&(struct scan){argc, argv, letters, longs, index, true});
}
