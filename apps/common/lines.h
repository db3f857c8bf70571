/* Reading text line by line. */
#ifndef APPS_COMMON_LINES_H
#define APPS_COMMON_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A line without its newline, ended by NUL (others may be in it); its memory is used again for the next
 * one. All zero: an empty one. */
struct line {
    char *text; /* NULL while cap is 0 */
    size_t len, cap;
    bool had_newline;
};

/* => false at the end. */
bool line_read(struct line *line, FILE *stream);
/* The same with another character than newline at the end of a line. */
bool line_read_to(struct line *line, FILE *stream, char end);
void line_free(struct line *line);

/* A line that is put together. */
void line_clear(struct line *line);
void line_char(struct line *line, char c);
void line_add(struct line *line, const char *text, size_t len);

/* Write a line as it was read: with `end` unless the input's last line had none. */
void line_write(const struct line *line, char end, FILE *stream);

/* Call `each` for all files named (none: standard input; -: the same), after opening them.
 * => 0, or 1 if one could not be opened or read (said). */
int each_stream(char **paths, void (*each)(FILE *stream, const char *path));

#endif
