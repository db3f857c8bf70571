/* Words expanded as the shell does: by the shell. What may not stand unquoted is refused here. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>
#include "internal.h"

/* Where a walk over the words stands. */
struct place {
    const char *at;
    bool is_quoted; /* within "" */
    int depth;      /* of $( ${ that are open */
};

/* Behind the closing single quote; NULL: there is none. */
static const char *after_quote(const char *at)
{
    at = strchr(at + 1, '\'');
    return at ? at + 1 : NULL;
}

/* Look at one character (or a quoted part). => 0, or WRDE_* */
static int step(struct place *p, int flags)
{
    char c = *p->at, next = p->at[1];

    if (c == '\\' && next == '\0')
        return WRDE_SYNTAX;
    if (c == '\'' && !p->is_quoted) {
        p->at = after_quote(p->at);
        return p->at ? 0 : WRDE_SYNTAX;
    }
    if ((c == '`' || (c == '$' && next == '(' && p->at[2] != '(')) && flags & WRDE_NOCMD)
        return WRDE_CMDSUB;
    if (c == '"')
        p->is_quoted = !p->is_quoted;
    else if (c == '$' && (next == '(' || next == '{'))
        p->depth += next == '(' && p->at[2] == '(' ? 2 : 1;
    else if (p->depth && (c == ')' || c == '}'))
        p->depth--;
    else if (!p->is_quoted && !p->depth && strchr("|&;<>(){}\n", c))
        return WRDE_BADCHAR;
    p->at += c == '\\' ? 2 : c == '$' && (next == '(' || next == '{') ? (p->at[2] == '(' && next == '(') + 2 : 1;
    return 0;
}

static int check(const char *words, int flags)
{
    struct place p = {.at = words};
    bool is_command = false;
    int rc = 0;

    while (rc == 0 && *p.at) {
        if (*p.at == '`')
            is_command = !is_command;
        if (is_command && *p.at != '`')
            p.at += *p.at == '\\' && p.at[1] ? 2 : 1;
        else
            rc = step(&p, flags);
    }
    return rc ? rc : p.is_quoted || p.depth || is_command ? WRDE_SYNTAX : 0;
}

/* The shell with its output in a pipe. => the end to read from, or -1 */
static int start(const char *words, int flags, pid_t *child)
{
    const char *script = flags & WRDE_UNDEF
                             ? "set -u; eval \"set -- $0\" || exit; for w; do printf '%s\\0' \"$w\"; done"
                             : "eval \"set -- $0\" || exit; for w; do printf '%s\\0' \"$w\"; done";
    int ends[2];

    if (pipe2(ends, O_CLOEXEC))
        return -1;
    *child = fork();
    if (*child == 0) {
        dup2(ends[1], 1);
        if (!(flags & WRDE_SHOWERR))
            dup2(open("/dev/null", O_WRONLY), 2);
        execl("/bin/sh", "sh", "-c", script, words, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    if (*child > 0)
        return ends[0];
    close(ends[0]);
    return -1;
}

/* All that comes, allocated. => its length, or -1 */
static ssize_t read_all(int fd, char **text)
{
    size_t n = 0, size = 0;
    ssize_t more;
    char *bigger;

    for (*text = NULL;; n += (size_t)more) {
        if (n == size) {
            bigger = realloc(*text, size = size * 2 + 512);
            if (bigger == NULL)
                return -1;
            *text = bigger;
        }
        more = read(fd, *text + n, size - n);
        if (more <= 0)
            return more < 0 ? -1 : (ssize_t)n;
    }
}

/* Add the words, each of which ends in NUL, to those that are there. */
static int add(wordexp_t *w, const char *text, size_t n)
{
    size_t offs = w->we_offs, at = offs + w->we_wordc, count = 0;
    char **list;

    for (size_t i = 0; i < n; i++)
        count += text[i] == '\0';
    list = realloc(w->we_wordv, (at + count + 1) * sizeof *list);
    if (list == NULL)
        return WRDE_NOSPACE;
    w->we_wordv = list;
    for (size_t i = 0; w->we_wordc == 0 && i < offs; i++)
        list[i] = NULL;
    list[at] = NULL;
    for (; count; count--, text += strlen(text) + 1) {
        list[at] = strdup(text);
        if (list[at++] == NULL)
            return WRDE_NOSPACE;
        w->we_wordc++;
        list[at] = NULL;
    }
    return 0;
}

static int expand(const char *words, wordexp_t *w, int flags)
{
    int status = 0, fd, rc;
    pid_t child;
    ssize_t n;
    char *text;

    fd = start(words, flags, &child);
    if (fd < 0)
        return WRDE_NOSPACE;
    n = read_all(fd, &text);
    close(fd);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (status)
        rc = flags & WRDE_UNDEF ? WRDE_BADVAL : WRDE_SYNTAX;
    else
        rc = n < 0 ? WRDE_NOSPACE : add(w, text, (size_t)n);
    free(text);
    return rc;
}

int wordexp(const char *restrict words, wordexp_t *restrict w, int flags)
{
    int rc = check(words, flags);

    if (flags & WRDE_REUSE && rc == 0)
        wordfree(w);
    if (!(flags & WRDE_APPEND)) {
        w->we_wordc = 0;
        w->we_wordv = NULL;
        if (!(flags & WRDE_DOOFFS))
            w->we_offs = 0;
    }
    return rc ? rc : expand(words, w, flags);
}

void wordfree(wordexp_t *w)
{
    for (size_t i = 0; w->we_wordv && i < w->we_wordc; i++)
        free(w->we_wordv[w->we_offs + i]);
    free(w->we_wordv);
    w->we_wordv = NULL;
    w->we_wordc = 0;
}
