/* The builtins about lines typed before: history and fc. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/sh/keyboard.h"

#define LISTED 16 /* lines that fc -l shows without being told which */

/* What fc was asked for. */
struct request {
    bool lists, repeats, no_numbers, reverses;
    const char *editor;
    const char *old, *new; /* of -s old=new */
};

static void print_line(struct buf *out, const struct history *history, size_t i, bool number)
{
    if (number)
        buf_printf(out, "%zu", history->first + i);
    buf_char(out, '\t');
    buf_str(out, history->lines[i]);
    buf_char(out, '\n');
}

static int print(struct shell *shell, size_t from, size_t to, const struct request *request)
{
    const struct history *history = &shell->keyboard->history;
    struct buf out = buf_new(arena_new());
    bool down = (from > to) != request->reverses;
    size_t low = from < to ? from : to, high = from < to ? to : from;
    int status;

    for (size_t n = 0; n <= high - low; n++)
        print_line(&out, history, down ? high - n : low + n, !request->no_numbers);
    status = builtin_print(shell, &out);
    arena_drop(out.arena);
    return status;
}

/* The history without the line that is being run, or NULL after a complaint that there is none. */
static struct history *lines_before(struct shell *shell, const char *command, size_t *count)
{
    struct history *history = shell->keyboard ? &shell->keyboard->history : NULL;

    if (!history || history->count < 2) {
        shell_complain(shell, "%s: there is no history", command);
        return NULL;
    }
    *count = history->count - 1;
    return history;
}

int builtin_history(struct shell *shell, int argc, char **argv)
{
    const struct history *history = shell->keyboard ? &shell->keyboard->history : NULL;
    long n = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    struct request all = {.lists = true};

    if (!history || !history->count)
        return 0;
    if (n <= 0 || (size_t)n > history->count)
        n = (long)history->count;
    return print(shell, history->count - (size_t)n, history->count - 1, &all);
}

/* The line that `text` names: a number, one counted from the end, or how it begins. */
static bool find(struct shell *shell, const char *text, size_t count, size_t *at)
{
    const struct history *history = &shell->keyboard->history;
    char *end;
    long n = strtol(text, &end, 10);

    if (*text && !*end) {
        long index = n < 0 ? (long)count + n : n - (long)history->first;

        *at = index < 0 ? 0 : (size_t)index < count ? (size_t)index : count - 1;
        return true;
    }
    for (*at = count; *at > 0; --*at)
        if (!strncmp(history->lines[*at - 1], text, strlen(text))) {
            --*at;
            return true;
        }
    shell_complain(shell, "fc: %s: there is no such line", text);
    return false;
}

/* Run a line as if it had been typed: it is shown, and takes fc's own place in the history. */
static int run_again(struct shell *shell, const char *text)
{
    struct history *history = &shell->keyboard->history;

    free(history->lines[--history->count]);
    shell_tell(1, "%s\n", text);
    history_add(history, text);
    return shell_run_text(shell, text);
}

static int repeat(struct shell *shell, const struct request *request, size_t at)
{
    const char *line = shell->keyboard->history.lines[at];
    const char *hit = request->old ? strstr(line, request->old) : NULL;
    struct buf text = buf_new(arena_new());
    int status;

    buf_add(&text, line, hit ? (size_t)(hit - line) : strlen(line));
    if (hit) {
        buf_str(&text, request->new);
        buf_str(&text, hit + strlen(request->old));
    }
    status = run_again(shell, text.data);
    arena_drop(text.arena);
    return status;
}

/* Let the editor change lines [from, to], then run what it left. */
static int edit_and_run(struct shell *shell, const struct request *request, size_t from, size_t to)
{
    const struct history *history = &shell->keyboard->history;
    const char *editor = request->editor ? request->editor : vars_get(&shell->vars, "FCEDIT");
    char path[] = "/tmp/fc-XXXXXX";
    struct buf command = buf_new(arena_new());
    int fd = mkstemp(path), status;
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    if (!file) {
        shell_complain(shell, "fc: %s: %s", path, strerror(errno));
        arena_drop(command.arena);
        return 1;
    }
    for (size_t i = from < to ? from : to; i <= (from < to ? to : from); i++)
        fprintf(file, "%s\n", history->lines[i]);
    fclose(file);
    buf_printf(&command, "%s %s", editor && *editor ? editor : "ed", path);
    status = shell_run_text(shell, command.data);
    if (status == 0 && shell_run_file(shell, path))
        status = shell->status;
    unlink(path);
    arena_drop(command.arena);
    return status;
}

/* => the index behind the options, -1 after a complaint. */
static int read_options(struct shell *shell, int argc, char **argv, struct request *request)
{
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1] && !strchr("0123456789", argv[i][1]); i++) {
        if (!strcmp(argv[i], "--"))
            return i + 1;
        for (const char *letter = argv[i] + 1; *letter; letter++) {
            request->lists |= *letter == 'l';
            request->repeats |= *letter == 's';
            request->no_numbers |= *letter == 'n';
            request->reverses |= *letter == 'r';
            if (*letter != 'e' && strchr("lsnr", *letter))
                continue;
            if (*letter != 'e' || letter[1] || !argv[i + 1]) {
                shell_complain(shell, "fc: [-lnrs] [-e EDITOR] [OLD=NEW] [FIRST [LAST]]");
                return -1;
            }
            request->editor = argv[++i];
            break;
        }
    }
    return i;
}

static int serve(struct shell *shell, const struct request *request, char **names, size_t count)
{
    size_t from = count - 1, to;

    if (request->lists && !names[0])
        from = count < LISTED ? 0 : count - LISTED;
    if (names[0] && !find(shell, names[0], count, &from))
        return 1;
    to = request->lists ? count - 1 : from;
    if (names[0] && names[1] && !find(shell, names[1], count, &to))
        return 1;
    if (request->lists)
        return print(shell, from, to, request);
    return request->repeats ? repeat(shell, request, from)
                            : edit_and_run(shell, request, from, to);
}

int builtin_fc(struct shell *shell, int argc, char **argv)
{
    struct request request = {0};
    int i = read_options(shell, argc, argv, &request);
    size_t count;
    char *equals;

    if (i < 0)
        return STATUS_MISUSE;
    if (!lines_before(shell, argv[0], &count))
        return 1;
    equals = request.repeats && i < argc ? strchr(argv[i], '=') : NULL;
    if (equals) {
        *equals = 0;
        request.old = argv[i++];
        request.new = equals + 1;
    }
    return serve(shell, &request, argv + i, count);
}
