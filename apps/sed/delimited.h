/* The parts of s, y and addresses that stand between delimiters. */
#ifndef APPS_SED_DELIMITED_H
#define APPS_SED_DELIMITED_H

#include "apps/sed/sed.h"

/* The script's text, read character by character. */
struct reader {
    const struct line *text;
    size_t next, line;
    bool extended; /* patterns are */
};

int reader_peek(const struct reader *in); /* EOF at the end */
int reader_take(struct reader *in);
_Noreturn void reader_fail(const struct reader *in, const char *words);

/* A pattern, up to the delimiter and over it: \n is a newline, a delimiter in brackets or behind a
 * backslash is an ordinary character. */
void read_delimited(struct reader *in, int delimiter, struct line *pattern);
/* One of the strings of y. */
void read_characters(struct reader *in, int delimiter, struct line *characters);
/* What replaces a match. */
void read_replacement(struct reader *in, int delimiter, struct substitution *how);

#endif
