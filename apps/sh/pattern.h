/* Patterns of the shell: * ? [...], and \ before a character that stands for itself. */
#ifndef APPS_SH_PATTERN_H
#define APPS_SH_PATTERN_H

#include <stdbool.h>

#include "apps/common/arena.h"

/* Whether all of `text` matches. */
bool pattern_matches(const char *pattern, const char *text);
/* Whether `pattern` has anything but characters that stand for themselves. */
bool pattern_is_magic(const char *pattern);
/* The text of a pattern that is not magic. */
char *pattern_text(struct arena *arena, const char *pattern);

#endif
