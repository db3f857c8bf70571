/* xargs [-0rtx] [-n WORDS | -L LINES | -I TEXT] [-s BYTES] [-P COUNT] [COMMAND [ARGUMENT...]]: run the command
 * with the words of standard input, as many at a time as fit. Quotes and backslashes keep blanks. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"

static const char usage[] = "[-0rtx] [-n WORDS | -L LINES | -I TEXT] [-s BYTES] [-P COUNT] [COMMAND...]";
static bool by_nul, not_empty, traced, ran;
static long words_max = 2000, lines_max, bytes_max = 65536, parallel = 1, running;
static const char *place; /* -I: what each line stands for */
static const char *end_word; /* -E */
static bool ended;
static int status;

static char **fixed, **words;
static int fixed_count;
static long count, used, lines;

static _Noreturn void stop(int code)
{
    fflush(stdout);
    exit(code);
}

/* Take the status of a child that ended, as xargs reports it. */
static void reap(void)
{
    int how, code;

    if (wait(&how) < 0)
        return;
    running--;
    if (WIFSIGNALED(how)) {
        app_say("%s: ended by signal %d", fixed[0], WTERMSIG(how));
        stop(125);
    }
    code = WEXITSTATUS(how);
    if (code == 255) {
        app_say("%s: exited with status 255; stopped", fixed[0]);
        stop(124);
    }
    if (code >= 126)
        stop(code);
    status = code ? 123 : status;
}

static void trace(char **command)
{
    for (char **word = command; *word; word++)
        fprintf(stderr, "%s%s", word == command ? "" : " ", *word);
    fputc('\n', stderr);
}

static void start(char **command)
{
    pid_t pid;

    if (traced)
        trace(command);
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDONLY);
        if (null > 0)
            dup2(null, 0);
        app_exec(command);
    }
    if (pid < 0) {
        app_warn("%s", command[0]);
        stop(1);
    }
    ran = true;
    running++;
    while (running >= parallel)
        reap();
}

/* Run what was gathered. */
static void run(void)
{
    char **command = app_alloc((size_t)(fixed_count + count + 1) * sizeof *command);

    memcpy(command, fixed, (size_t)fixed_count * sizeof *command);
    if (count)
        memcpy(command + fixed_count, words, (size_t)count * sizeof *command);
    command[fixed_count + count] = NULL;
    start(command);
    for (long i = 0; i < count; i++)
        free(words[i]);
    free(command);
    count = used = lines = 0;
}

static void replace(struct line *to, const char *word, const char *with)
{
    size_t n = strlen(place);

    line_clear(to);
    while (*word)
        if (strncmp(word, place, n)) {
            line_char(to, *word++);
        } else {
            line_add(to, with, strlen(with));
            word += n;
        }
}

/* -I: the command for one line. */
static void run_filled(const char *with)
{
    char **command = app_alloc((size_t)(fixed_count + 1) * sizeof *command);
    struct line line = {0};

    for (int i = 0; i < fixed_count; i++) {
        replace(&line, fixed[i], with);
        command[i] = app_dup(line.text);
    }
    command[fixed_count] = NULL;
    start(command);
    app_entries_free(command);
    line_free(&line);
}

static long size_of_fixed(void)
{
    long size = 0;

    for (int i = 0; i < fixed_count; i++)
        size += (long)strlen(fixed[i]) + 1;
    return size;
}

static void take(const char *word)
{
    long size = (long)strlen(word) + 1;

    if (place) {
        run_filled(word);
        return;
    }
    if (size_of_fixed() + size > bytes_max) {
        app_say("argument is too long");
        stop(1);
    }
    if (size_of_fixed() + used + size > bytes_max)
        run();
    words[count++] = app_dup(word);
    used += size;
    if (count >= words_max)
        run();
}

/* A word up to a blank (with -I: the rest of the line), out of quotes and backslashes; `c` begins it.
 * => the character behind it. */
static int read_word(struct line *word, int c)
{
    int quote = 0;

    line_clear(word);
    for (; c != EOF; c = getchar()) {
        if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? 0 : c;
        } else if (quote && c == '\n') {
            break;
        } else if (!quote && (c == '\n' || (!place && (c == ' ' || c == '\t')))) {
            return c;
        } else {
            if (c == '\\' && !quote && (c = getchar()) == EOF)
                break;
            line_char(word, (char)c);
        }
    }
    if (quote) {
        if (count)
            run();
        app_say("unmatched %s quote", quote == '"' ? "double" : "single");
        stop(1);
    }
    return c;
}

/* A line with a blank at its end goes on in the next. */
static void end_line(bool any, bool goes_on)
{
    lines += any && !goes_on;
    if (lines_max && lines >= lines_max && count)
        run();
}

static void read_words(void)
{
    struct line word = {0};
    bool any = false, blank = false;
    int c;

    while (!ended && (c = getchar()) != EOF) {
        if (c == ' ' || c == '\t') {
            blank = true;
            continue;
        }
        if (c != '\n') {
            c = read_word(&word, c);
            ended = end_word && !strcmp(word.text, end_word);
            if (!ended)
                take(word.text);
            any = true;
            blank = c == ' ' || c == '\t';
        }
        if (c == '\n' || c == EOF) {
            end_line(any, blank && c != EOF);
            any &= blank;
            blank = false;
        }
    }
    line_free(&word);
}

static void read_items(void)
{
    struct line item = {0};

    while (line_read_to(&item, stdin, 0)) {
        take(item.text);
        end_line(true, false);
    }
    line_free(&item);
}

static long read_count(const char *text, long least)
{
    long value;

    if (!app_number(text, &value) || value < least) {
        app_say("%s: not a number that can be meant here", text);
        app_quit();
    }
    return value;
}

static void read_option(int option)
{
    switch (option) {
    case '0':
        by_nul = true;
        return;
    case 'r':
        not_empty = true;
        return;
    case 't':
        traced = true;
        return;
    case 'x':
        return;
    case 'n':
        words_max = read_count(optarg, 1);
        lines_max = 0;
        place = NULL;
        return;
    case 'L':
        lines_max = read_count(optarg, 1);
        place = NULL;
        return;
    case 's':
        bytes_max = read_count(optarg, 1);
        return;
    case 'P':
        parallel = read_count(optarg, 0);
        parallel = parallel ? parallel : 1000;
        return;
    case 'E':
        end_word = *optarg ? optarg : NULL;
        return;
    case 'I':
        place = optarg;
        return;
    default:
        app_usage(usage);
    }
}

int main(int argc, char **argv)
{
    static char *echo[] = {"echo", NULL};
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "+0rtxn:L:s:P:E:I:")) != -1)
        read_option(option);
    fixed = optind < argc ? argv + optind : echo;
    fixed_count = optind < argc ? argc - optind : 1;
    words = app_alloc((size_t)(bytes_max / 2 + 2) * sizeof *words);
    if (by_nul)
        read_items();
    else
        read_words();
    if (count || (!ran && !place && !not_empty))
        run();
    while (running)
        reap();
    free(words);
    return app_finish(status);
}
