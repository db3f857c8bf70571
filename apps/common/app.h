/* What small programs share: messages, output, files. */
#ifndef APPS_COMMON_APP_H
#define APPS_COMMON_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* The program's name for messages: the last part of argv[0]. Called first. */
void app_start(char **argv);
const char *app_name(void);
/* "name: message: reason", the reason from errno; and the same without a reason. */
void app_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void app_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Say how the program is used, and end it with the status for trouble. */
_Noreturn void app_usage(const char *arguments);
/* The status for trouble of all kinds, 1 unless told: wrong usage, failed output, no memory. */
void app_trouble(int status);
/* End the program with that status, after what is buffered. */
_Noreturn void app_quit(void);
/* At the end of main(): write out what is buffered. => `status`, or trouble's if the output failed. */
int app_finish(int status);

/* As malloc, realloc, strdup; they end the program with a message if there is no memory. */
void *app_alloc(size_t bytes);
void *app_resize(void *memory, size_t bytes);
char *app_dup(const char *text);

/* Write all of it. => false with errno. */
bool app_write(int fd, const void *data, size_t bytes);
/* Copy from one descriptor to another until the end. => false after a message that names the file.
 */
bool app_copy(int from, const char *from_name, int to, const char *to_name);
/* Open for reading; - is standard input. => -1 after a message. */
int app_open(const char *path);
FILE *app_fopen(const char *path); /* the same for a stream: NULL after a message */
/* Wait for a child of ours. => its exit status, 128 + n if signal n ended it; -1 with errno. */
int app_wait(pid_t pid);
/* In place of this program, found in PATH: does not return. Says what failed; status 127 if there is
 * no such command, else 126. */
_Noreturn void app_exec(char **argv);

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
