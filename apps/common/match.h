/* Regular expressions over text that may hold any byte. */
#ifndef APPS_COMMON_MATCH_H
#define APPS_COMMON_MATCH_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

/* As regcomp; ends the program with the status for trouble, and a message, if the pattern is none. */
void match_compile(regex_t *regex, const char *pattern, int flags);

/* Look for the pattern in the `len` bytes at `text` from offset `from` on: what is before counts as the
 * beginning of the line, but is not searched. Offsets in `found` (`count` of them) are from `text`. */
bool match_find(const regex_t *regex, const char *text, size_t len, size_t from, size_t count,
                regmatch_t *found);

#endif
