/* What small programs share: messages, output, files. */
#ifndef APPS_COMMON_APP_H
#define APPS_COMMON_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The program's name for messages: the last part of argv[0]. Called first. */
void app_start(char **argv);
/* "name: message: reason", the reason from errno; and the same without a reason. */
void app_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void app_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Say how the program is used, and end it with status 2. */
_Noreturn void app_usage(const char *arguments);
/* At the end of main(): write out what is buffered. => `status`, or 1 if the output failed. */
int app_finish(int status);

/* Write all of it. => false with errno. */
bool app_write(int fd, const void *data, size_t bytes);
/* Copy from one descriptor to another until the end. => false after a message that names the file.
 */
bool app_copy(int from, const char *from_name, int to, const char *to_name);
/* DIR/NAME in malloc's memory (ends the program if there is none). */
char *app_join(const char *dir, const char *name);
/* The last part of a path, without slashes behind it; in malloc's memory. */
char *app_basename(const char *path);
bool app_is_directory(const char *path);
/* A decimal number; false if `text` is anything else. */
bool app_number(const char *text, long *value);

/* Entries of a directory but . and .., sorted: a list in malloc's memory, NULL at its end.
 * => NULL with errno. */
char **app_entries(const char *path, bool with_dots);
void app_entries_free(char **entries);

#endif
