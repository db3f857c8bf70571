/* Standard input and output: picolibc's tinystdio, and what POSIX adds to it. */
#ifndef _FAULTLINE_STDIO_H
#define _FAULTLINE_STDIO_H

#include_next <stdio.h>
#include <sys/types.h>

#ifndef FILENAME_MAX
#define FILENAME_MAX 1024
#endif
#ifndef FOPEN_MAX
#define FOPEN_MAX 256
#endif
#ifndef P_tmpdir
#define P_tmpdir "/tmp"
#endif

#ifdef __cplusplus
extern "C" {
#endif

ssize_t getline(char **__restrict line, size_t *__restrict size, FILE *__restrict stream);
ssize_t getdelim(char **__restrict line, size_t *__restrict size, int delimiter,
                 FILE *__restrict stream);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *stream);
FILE *open_memstream(char **buf, size_t *size);
int dprintf(int fd, const char *__restrict format, ...) __attribute__((format(printf, 2, 3)));
int vdprintf(int fd, const char *__restrict format, va_list ap);
int renameat(int dirfd1, const char *from, int dirfd2, const char *to);
char *ctermid(char *s);
char *tempnam(const char *dir, const char *prefix);
void flockfile(FILE *stream);
int ftrylockfile(FILE *stream);
void funlockfile(FILE *stream);
#ifndef getc_unlocked
int getc_unlocked(FILE *stream);
int getchar_unlocked(void);
int putc_unlocked(int c, FILE *stream);
int putchar_unlocked(int c);
#endif

#ifdef __cplusplus
}
#endif

#endif
