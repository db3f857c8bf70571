/* sort [-m|-c|-C] [-bdfghiMnrsuVz] [-k FIELD[.CHAR][RULES][,FIELD[.CHAR][RULES]]]... [-t CHAR] [-o FILE]
 * [-S SIZE] [-T DIR] [FILE...]: lines in order. Status 1 of -c if they are not, 2 trouble. */
#include <ctype.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/size.h"
#include "apps/sort/sort.h"

#define MEMORY_STANDARD (16u << 20)

struct options options = {.separator = -1, .end = '\n', .memory = MEMORY_STANDARD};

static _Noreturn void refuse(const char *what, const char *text)
{
    app_say("%s: %s", text, what);
    app_quit();
}

/* => false if the letter is none of the rules. */
static bool set_rule(struct rules *rules, char letter, bool at_end)
{
    static const char kinds[] = "nghMV";
    const char *kind = strchr(kinds, letter);

    if (kind && *kind)
        rules->kind = (enum kind)(KIND_NUMBER + (kind - kinds));
    else if (letter == 'b')
        *(at_end ? &rules->skip_end : &rules->skip_start) = true;
    else if (letter == 'd')
        rules->dictionary = true;
    else if (letter == 'f')
        rules->fold = true;
    else if (letter == 'i')
        rules->printable = true;
    else if (letter == 'r')
        rules->reverse = true;
    else
        return false;
    return true;
}

static size_t parse_count(const char **text, const char *key, size_t least)
{
    char *end;
    unsigned long value = strtoul(*text, &end, 10);

    if (!isdigit((unsigned char)**text) || value < least)
        refuse("not a key", key);
    *text = end;
    return value;
}

/* RULES behind a position. => whether there were any. */
static bool parse_rules(const char **text, struct key *key, bool at_end)
{
    const char *start = *text;

    while (**text && set_rule(&key->rules, **text, at_end))
        ++*text;
    return *text > start;
}

static void add_key(const char *text)
{
    struct key *key = app_alloc(sizeof *key), **last = &options.keys;
    const char *next = text;
    bool has_rules;

    *key = (struct key){.character = 1};
    key->field = parse_count(&next, text, 1);
    if (*next == '.')
        key->character = (next++, parse_count(&next, text, 1));
    has_rules = parse_rules(&next, key, false);
    if (*next == ',') {
        next++;
        key->end_field = parse_count(&next, text, 1);
        if (*next == '.')
            key->end_character = (next++, parse_count(&next, text, 0));
        has_rules |= parse_rules(&next, key, true);
    }
    if (*next)
        refuse("not a key", text);
    while (*last)
        last = &(*last)->next;
    *last = key;
    if (!has_rules)
        key->rules.kind = (enum kind)-1;
}

/* Keys without rules have those of the whole. */
static void inherit(void)
{
    for (struct key *key = options.keys; key; key = key->next)
        if (key->rules.kind == (enum kind)-1) {
            key->rules = options.rules;
            key->rules.skip_end = options.rules.skip_start;
        }
}

static void set_separator(const char *text)
{
    if (!strcmp(text, "\\0"))
        options.separator = 0;
    else if (*text && !text[1])
        options.separator = (unsigned char)*text;
    else
        refuse("not one character", text);
}

static void set_memory(const char *text)
{
    uint64_t bytes;
    size_t len = strlen(text);
    char copy[40];

    /* A plain number means KiB. */
    snprintf(copy, sizeof copy, "%s%s", text, len && isdigit((unsigned char)text[len - 1]) ? "K" : "");
    if (!size_parse(copy, &bytes))
        refuse("not a size", text);
    options.memory = bytes < 4096 ? 4096 : (size_t)bytes;
}

static void read_option(int option)
{
    switch (option) {
    case 'c':
    case 'C':
        options.check = true;
        options.quiet_check |= option == 'C';
        break;
    case 'k':
        add_key(optarg);
        break;
    case 'm':
        options.merge = true;
        break;
    case 'o':
        options.output = optarg;
        break;
    case 's':
        options.stable = true;
        break;
    case 'S':
        set_memory(optarg);
        break;
    case 't':
        set_separator(optarg);
        break;
    case 'T':
        options.temporary_dir = optarg;
        break;
    case 'u':
        options.unique = true;
        break;
    case 'z':
        options.end = 0;
        break;
    default:
        if (option == '?' || !set_rule(&options.rules, (char)option, false))
            app_usage("[-m|-c|-C] [-bdfghiMnrsuVz] [-k KEY]... [-t CHAR] [-o FILE] [FILE...]");
    }
}

static int finish(FILE *out, int status)
{
    if (out == stdout)
        return app_finish(status);
    if (ferror(out) | fclose(out)) {
        app_warn("%s", options.output);
        return 2;
    }
    return status;
}

int main(int argc, char **argv)
{
    FILE *out = stdout;
    int option, status;

    app_start(argv);
    app_trouble(2);
    while ((option = getopt(argc, argv, "bcCdfghik:mMno:rsS:t:T:uVz")) != -1)
        read_option(option);
    inherit();
    argv += optind;
    if (options.check && *argv && argv[1])
        refuse("only one file can be checked", argv[1]);
    if (options.check)
        return check_file(*argv ? *argv : "-");
    status = options.merge ? merge_files(argv, &out) : sort_files(argv, &out);
    return finish(out, status ? 2 : 0);
}
