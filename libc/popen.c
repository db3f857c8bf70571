/* A pipe to or from a command. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "internal.h"

/* Open ones; a new command must not keep the others' pipes. */
static struct command {
    struct command *next;
    FILE *stream;
    pid_t pid;
} *commands;

static void run_command(const char *text, int end, int as)
{
    for (struct command *c = commands; c; c = c->next)
        close(fileno(c->stream));
    if (end != as) {
        dup2(end, as);
        close(end);
    } else {
        fcntl(end, F_SETFD, 0);
    }
    execl("/bin/sh", "sh", "-c", text, (char *)NULL);
    _exit(127);
}

static FILE *start(struct command *c, const char *text, int is_read)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC))
        return NULL;
    c->pid = fork();
    if (c->pid == 0)
        run_command(text, ends[is_read ? 1 : 0], is_read ? 1 : 0);
    close(ends[is_read ? 1 : 0]);
    c->stream = c->pid < 0 ? NULL : fdopen(ends[is_read ? 0 : 1], is_read ? "r" : "w");
    if (c->stream == NULL)
        close(ends[is_read ? 0 : 1]);
    return c->stream;
}

FILE *popen(const char *text, const char *mode)
{
    struct command *c;

    if ((*mode != 'r' && *mode != 'w') || (mode[1] && strcmp(mode + 1, "e")))
        return fail(EINVAL), NULL;
    fflush(NULL);
    c = malloc(sizeof *c);
    if (c == NULL || !start(c, text, *mode == 'r')) {
        free(c);
        return NULL;
    }
    if (mode[1] == '\0')
        fcntl(fileno(c->stream), F_SETFD, 0);
    c->next = commands;
    commands = c;
    return c->stream;
}

int pclose(FILE *stream)
{
    struct command **at = &commands, *c;
    int status;
    pid_t pid;

    while (*at && (*at)->stream != stream)
        at = &(*at)->next;
    c = *at;
    if (c == NULL)
        return fail(ECHILD);
    *at = c->next;
    pid = c->pid;
    free(c);
    fclose(stream);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}
