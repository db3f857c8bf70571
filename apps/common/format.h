/* What `echo` and `printf` print; shared by the programs and the shell's builtins. */
#ifndef APPS_COMMON_FORMAT_H
#define APPS_COMMON_FORMAT_H

#include "apps/common/arena.h"

/* The words with blanks between them and a newline, unless the first is -n. */
void format_echo(struct buf *out, char **words);

/* The words of a printf command, without its name: perhaps --, the format, and arguments; the format is
 * repeated as long as there are arguments.
 * => NULL, or what was wrong with an argument or the format; the rest was printed all the same. */
const char *format_printf(struct buf *out, char **words);

#endif
