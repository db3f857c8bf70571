/* The commands of find -exec and -ok. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/copy.h"
#include "apps/find/find.h"

#define WAITING_MAX 500
#define WAITING_BYTES 65536

static struct command *awaited;
static bool failed;

/* => its exit status; as that of a shell if it could not be started. */
static int start(char **words)
{
    int status;
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid == 0)
        app_exec(words);
    status = app_wait(pid);
    if (status < 0)
        app_warn("%s", words[0]);
    return status;
}

/* In malloc's memory: the word with the path for each {} in it. */
static char *filled(const char *word, const char *path)
{
    size_t size = 1, n = strlen(path);
    const char *from;
    char *text, *to;

    for (from = word; *from; from++)
        size += strncmp(from, "{}", 2) ? 1 : n + 1;
    text = to = app_alloc(size);
    for (from = word; *from;)
        if (strncmp(from, "{}", 2)) {
            *to++ = *from++;
        } else {
            memcpy(to, path, n);
            to += n;
            from += 2;
        }
    *to = 0;
    return text;
}

bool find_run(struct command *command, const char *path, bool ask)
{
    char **words;
    int status;

    if (ask && !copy_ask(command->words[0], path))
        return false;
    words = app_alloc((size_t)(command->count + 1) * sizeof *words);
    for (int i = 0; i < command->count; i++)
        words[i] = filled(command->words[i], path);
    words[command->count] = NULL;
    status = start(words);
    app_entries_free(words);
    return status == 0;
}

static void run_gathered(struct command *command)
{
    char **words;

    if (!command->waiting)
        return;
    words = app_alloc((size_t)(command->count + command->waiting + 1) * sizeof *words);
    memcpy(words, command->words, (size_t)command->count * sizeof *words);
    memcpy(words + command->count, command->paths, (size_t)command->waiting * sizeof *words);
    words[command->count + command->waiting] = NULL;
    failed |= start(words) != 0;
    for (int i = 0; i < command->waiting; i++)
        free(command->paths[i]);
    free(words);
    command->waiting = 0;
    command->bytes = 0;
}

void find_gather(struct command *command, const char *path)
{
    if (!command->paths)
        command->paths = app_alloc(WAITING_MAX * sizeof *command->paths);
    command->paths[command->waiting++] = app_dup(path);
    command->bytes += strlen(path) + 1;
    if (command->waiting == WAITING_MAX || command->bytes > WAITING_BYTES)
        run_gathered(command);
}

void find_await(struct command *command)
{
    command->next = awaited;
    awaited = command;
}

bool find_run_waiting(void)
{
    for (struct command *command = awaited; command; command = command->next)
        run_gathered(command);
    return !failed;
}
