/* xargs [-n COUNT] [COMMAND [ARGUMENT...]]: run the command with the words of standard input, as
 * many at a time as fit. Quotes and backslashes keep blanks in words. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/common/app.h"

#define WORDS_MAX 500
#define BYTES_MAX 16384

static char *words[WORDS_MAX + 1];
static char bytes[BYTES_MAX];
static size_t fixed, count, used;

/* Run what was gathered. => status of the command, as xargs reports it. */
static int run(void)
{
    int status = 0;
    pid_t pid;

    words[fixed + count] = NULL;
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        execvp(words[0], words);
        app_warn("%s", words[0]);
        _exit(errno == ENOENT ? 127 : 126);
    }
    while (pid < 0 || waitpid(pid, &status, 0) < 0)
        if (pid < 0 || errno != EINTR) {
            app_warn("%s", words[0]);
            return 1;
        }
    count = used = 0;
    if (WIFSIGNALED(status))
        return 125;
    status = WEXITSTATUS(status);
    return status >= 126 ? status : status ? 123 : 0;
}

/* The next word of the input, after the others in `bytes`. => false at the end. */
static bool read_word(void)
{
    size_t start = used;
    bool in_word = false;
    int c, quote = 0;

    while ((c = getchar()) != EOF && used < BYTES_MAX - 1) {
        bool is_blank = c == ' ' || c == '\t' || c == '\n';
        if (is_blank && !quote && !in_word)
            continue;
        if (is_blank && !quote)
            break;
        in_word = true;
        if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? 0 : c;
            continue;
        }
        if (c == '\\' && !quote && (c = getchar()) == EOF)
            break;
        bytes[used++] = (char)c;
    }
    bytes[used++] = 0;
    words[fixed + count] = bytes + start;
    return in_word;
}

int main(int argc, char **argv)
{
    long at_most = WORDS_MAX;
    int i = 1, status = 0;
    bool ran = false;

    app_start(argv);
    if (argc > 2 && !strcmp(argv[1], "-n")) {
        if (!app_number(argv[2], &at_most) || at_most < 1)
            app_usage("[-n COUNT] [COMMAND [ARGUMENT...]]");
        i = 3;
    }
    for (; i < argc && fixed < WORDS_MAX / 2; i++)
        words[fixed++] = argv[i];
    if (!fixed)
        words[fixed++] = "echo";
    while (read_word()) {
        count++;
        if ((long)count < at_most && fixed + count < WORDS_MAX && used < BYTES_MAX / 2)
            continue;
        status |= run();
        ran = true;
    }
    if (count || !ran)
        status |= run();
    return app_finish(status);
}
