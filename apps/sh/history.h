/* Lines that were typed, oldest first; kept in a file between sessions. */
#ifndef APPS_SH_HISTORY_H
#define APPS_SH_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

struct history {
    char **lines;
    size_t count, cap;
    size_t limit; /* lines kept; the oldest go */
    size_t first; /* number of lines[0], counted from 1 over all that were ever there */
};

void history_init(struct history *history, size_t limit);
void history_free(struct history *history);
/* Add a line without its newline. Nothing happens for a blank one and for a repetition of the last. */
void history_add(struct history *history, const char *line);
/* The newest line older than line `before` (index; count: any) that contains `text`.
 * => false: there is none. */
bool history_search(const struct history *history, size_t before, const char *text, size_t *found);
/* Read the file's lines; put them all back into it. False with errno. A file with `limit` 0 is left
 * alone. */
bool history_load(struct history *history, const char *path);
bool history_save(const struct history *history, const char *path);

#endif
