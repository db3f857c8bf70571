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

/* The stream first: what can fail after the fork would have to wait for the command. */
static FILE *start(struct command *c, const char *text, int is_read)
{
    int ends[2], ours = is_read ? 0 : 1, error;

    if (pipe2(ends, O_CLOEXEC))
        return NULL;
    c->stream = fdopen(ends[ours], is_read ? "r" : "w");
    c->pid = c->stream ? fork() : -1;
    if (c->pid == 0)
        run_command(text, ends[!ours], !ours);
    error = errno;
    close(ends[!ours]);
    if (c->pid > 0)
        return c->stream;
    if (c->stream)
        fclose(c->stream);
    else
        close(ends[ours]);
    return fail(error), NULL;
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
