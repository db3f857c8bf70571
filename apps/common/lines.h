/* Reading text line by line. */
#ifndef APPS_COMMON_LINES_H
#define APPS_COMMON_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A line without its newline, ended by NUL; its memory is used again for the next one. */
struct line {
    char *text;
    size_t len, cap;
    bool had_newline;
};

/* => false at the end (or if there is no memory, after a message). */
bool line_read(struct line *line, FILE *stream);
void line_free(struct line *line);

/* Call `each` for all files named (none: standard input; -: the same), after opening them.
 * => 0, or 1 if one could not be opened (said). */
int each_stream(char **paths, void (*each)(FILE *stream, const char *path));

#endif
