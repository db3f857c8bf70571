/* Permissions as text. */
#ifndef APPS_COMMON_MODE_H
#define APPS_COMMON_MODE_H

#include <stdbool.h>
#include <sys/stat.h>

/* As ls -l shows it: type, then three times rwx. */
void mode_text(mode_t mode, char text[11]);

/* Change *mode as `text` says: octal, or symbolic (POSIX, "chmod" utility). What is given to nobody in
 * particular ("+w") leaves the bits of `mask` alone.
 * => false if `text` is no mode; then *mode is as before. */
bool mode_change(const char *text, mode_t *mode, mode_t mask);

/* The mode for something new: `text` applied to `mode`, under the process's umask.
 * => false after a message if `text` is no mode. */
bool mode_for_new(const char *text, mode_t *mode);

#endif
