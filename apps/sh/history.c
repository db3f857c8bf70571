/* Lines that were typed. */
#include "apps/sh/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void history_init(struct history *history, size_t limit)
{
    *history = (struct history){.limit = limit, .first = 1};
}

void history_free(struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        free(history->lines[i]);
    free(history->lines);
    *history = (struct history){0};
}

static void drop_oldest(struct history *history)
{
    free(history->lines[0]);
    history->count--;
    history->first++;
    memmove(history->lines, history->lines + 1, history->count * sizeof *history->lines);
}

static void append(struct history *history, const char *line)
{
    if (history->count == history->cap) {
        history->cap = history->cap * 2 + 64;
        history->lines = realloc(history->lines, history->cap * sizeof *history->lines);
        if (!history->lines)
            _exit(2);
    }
    history->lines[history->count] = strdup(line);
    if (!history->lines[history->count++])
        _exit(2);
}

void history_add(struct history *history, const char *line)
{
    bool repeats = history->count && !strcmp(history->lines[history->count - 1], line);

    if (history->limit == 0 || repeats || !line[strspn(line, " \t")])
        return;
    if (history->count == history->limit)
        drop_oldest(history);
    append(history, line);
}

bool history_search(const struct history *history, size_t before, const char *text, size_t *found)
{
    while (before-- > 0)
        if (strstr(history->lines[before], text)) {
            *found = before;
            return true;
        }
    return false;
}

bool history_load(struct history *history, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;

    if (!file)
        return false;
    while ((n = getline(&line, &cap, file)) > 0) {
        if (line[n - 1] == '\n')
            line[n - 1] = 0;
        history_add(history, line);
    }
    free(line);
    fclose(file);
    return true;
}

bool history_save(const struct history *history, const char *path)
{
    mode_t mask = umask(077);
    FILE *file = history->limit ? fopen(path, "w") : NULL;
    bool good = file != NULL;

    umask(mask);
    for (size_t i = 0; good && i < history->count; i++)
        good = fprintf(file, "%s\n", history->lines[i]) >= 0;
    return file ? fclose(file) == 0 && good : history->limit == 0;
}
