/* Standard input and output. */
#ifndef _STDIO_H_
#define _STDIO_H_

#include <sys/cdefs.h>
#include <sys/features.h>
#include <sys/_types.h>
#define __need_size_t
#define __need_NULL
#include <stddef.h>
#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _SSIZE_T_DECLARED
typedef _ssize_t ssize_t;
#define _SSIZE_T_DECLARED
#endif
#ifndef _OFF_T_DECLARED
typedef __off_t off_t;
#define _OFF_T_DECLARED
#endif

struct __file;
typedef struct __file __FILE;
#ifndef __FILE_defined
typedef __FILE FILE;
#define __FILE_defined
#endif

typedef struct {
    off_t __offset;
    _mbstate_t __state;
} fpos_t;

#define EOF (-1)
#define BUFSIZ 4096
#define FILENAME_MAX 1024
#define FOPEN_MAX 256
#define L_tmpnam 20
#define TMP_MAX 238328
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2
#if __POSIX_VISIBLE
#define L_ctermid 16
#define P_tmpdir "/tmp"
#endif
#if __MISC_VISIBLE
#define L_cuserid 16
#endif

extern FILE *stdin, *stdout, *stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr

#define __PRINTF(format, first) __attribute__((__format__(__printf__, format, first)))
#define __SCANF(format, first) __attribute__((__format__(__scanf__, format, first)))

FILE *fopen(const char *__restrict path, const char *__restrict mode);
FILE *freopen(const char *__restrict path, const char *__restrict mode, FILE *__restrict stream);
int fclose(FILE *stream);
int fflush(FILE *stream);
void setbuf(FILE *__restrict stream, char *__restrict buffer);
int setvbuf(FILE *__restrict stream, char *__restrict buffer, int mode, size_t size);

int fgetc(FILE *stream);
int getc(FILE *stream);
int getchar(void);
int ungetc(int c, FILE *stream);
char *fgets(char *__restrict line, int size, FILE *__restrict stream);
size_t fread(void *__restrict to, size_t size, size_t n, FILE *__restrict stream);
int fputc(int c, FILE *stream);
int putc(int c, FILE *stream);
int putchar(int c);
int fputs(const char *__restrict text, FILE *__restrict stream);
int puts(const char *text);
size_t fwrite(const void *__restrict from, size_t size, size_t n, FILE *__restrict stream);

int fseek(FILE *stream, long offset, int whence);
long ftell(FILE *stream);
void rewind(FILE *stream);
int fgetpos(FILE *__restrict stream, fpos_t *__restrict position);
int fsetpos(FILE *stream, const fpos_t *position);
void clearerr(FILE *stream);
int feof(FILE *stream);
int ferror(FILE *stream);
void perror(const char *what);

int printf(const char *__restrict format, ...) __PRINTF(1, 2);
int fprintf(FILE *__restrict stream, const char *__restrict format, ...) __PRINTF(2, 3);
int sprintf(char *__restrict to, const char *__restrict format, ...) __PRINTF(2, 3);
int snprintf(char *__restrict to, size_t size, const char *__restrict format, ...) __PRINTF(3, 4);
int vprintf(const char *__restrict format, va_list ap) __PRINTF(1, 0);
int vfprintf(FILE *__restrict stream, const char *__restrict format, va_list ap) __PRINTF(2, 0);
int vsprintf(char *__restrict to, const char *__restrict format, va_list ap) __PRINTF(2, 0);
int vsnprintf(char *__restrict to, size_t size, const char *__restrict format, va_list ap)
    __PRINTF(3, 0);
int scanf(const char *__restrict format, ...) __SCANF(1, 2);
int fscanf(FILE *__restrict stream, const char *__restrict format, ...) __SCANF(2, 3);
int sscanf(const char *__restrict text, const char *__restrict format, ...) __SCANF(2, 3);
int vscanf(const char *__restrict format, va_list ap) __SCANF(1, 0);
int vfscanf(FILE *__restrict stream, const char *__restrict format, va_list ap) __SCANF(2, 0);
int vsscanf(const char *__restrict text, const char *__restrict format, va_list ap) __SCANF(2, 0);

int remove(const char *path);
int rename(const char *from, const char *to);
FILE *tmpfile(void);
char *tmpnam(char *name);
#if !defined(__STRICT_ANSI__) || __STDC_VERSION__ < 201112L
char *gets(char *line) __attribute__((__deprecated__));
#endif

#if __POSIX_VISIBLE
FILE *fdopen(int fd, const char *mode);
int fileno(FILE *stream);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *stream);
char *ctermid(char *s);
void flockfile(FILE *stream);
int ftrylockfile(FILE *stream);
void funlockfile(FILE *stream);
int getc_unlocked(FILE *stream);
int getchar_unlocked(void);
int putc_unlocked(int c, FILE *stream);
int putchar_unlocked(int c);
#endif

#if __POSIX_VISIBLE >= 200112
int fseeko(FILE *stream, off_t offset, int whence);
off_t ftello(FILE *stream);
#endif

#if __POSIX_VISIBLE >= 200809
ssize_t getline(char **__restrict line, size_t *__restrict size, FILE *__restrict stream);
ssize_t getdelim(char **__restrict line, size_t *__restrict size, int delimiter,
                 FILE *__restrict stream);
FILE *open_memstream(char **buf, size_t *size);
FILE *fmemopen(void *__restrict buf, size_t size, const char *__restrict mode);
int dprintf(int fd, const char *__restrict format, ...) __PRINTF(2, 3);
int vdprintf(int fd, const char *__restrict format, va_list ap) __PRINTF(2, 0);
int renameat(int dirfd1, const char *from, int dirfd2, const char *to);
#endif

#if __MISC_VISIBLE || __XSI_VISIBLE
char *tempnam(const char *dir, const char *prefix);
int getw(FILE *stream);
int putw(int word, FILE *stream);
#endif

#if __MISC_VISIBLE
char *cuserid(char *s);
void setbuffer(FILE *stream, char *buffer, size_t size);
void setlinebuf(FILE *stream);
int fpurge(FILE *stream);
int fgetc_unlocked(FILE *stream);
int fputc_unlocked(int c, FILE *stream);
char *fgets_unlocked(char *__restrict line, int size, FILE *__restrict stream);
int fputs_unlocked(const char *__restrict text, FILE *__restrict stream);
size_t fread_unlocked(void *__restrict to, size_t size, size_t n, FILE *__restrict stream);
size_t fwrite_unlocked(const void *__restrict from, size_t size, size_t n, FILE *__restrict stream);
int fflush_unlocked(FILE *stream);
void clearerr_unlocked(FILE *stream);
int feof_unlocked(FILE *stream);
int ferror_unlocked(FILE *stream);
int fileno_unlocked(FILE *stream);
#endif

#if __GNU_VISIBLE
int asprintf(char **__restrict to, const char *__restrict format, ...) __PRINTF(2, 3);
int vasprintf(char **__restrict to, const char *__restrict format, va_list ap) __PRINTF(2, 0);
int fcloseall(void);

/* A stream whose bytes come from and go to functions of the program's. */
typedef ssize_t cookie_read_function_t(void *cookie, char *to, size_t n);
typedef ssize_t cookie_write_function_t(void *cookie, const char *from, size_t n);
typedef int cookie_seek_function_t(void *cookie, off_t *offset, int whence);
typedef int cookie_close_function_t(void *cookie);
typedef struct {
    cookie_read_function_t *read;
    cookie_write_function_t *write;
    cookie_seek_function_t *seek;
    cookie_close_function_t *close;
} cookie_io_functions_t;
FILE *fopencookie(void *__restrict cookie, const char *__restrict mode, cookie_io_functions_t io);
#elif __MISC_VISIBLE
int asprintf(char **__restrict to, const char *__restrict format, ...) __PRINTF(2, 3);
int vasprintf(char **__restrict to, const char *__restrict format, va_list ap) __PRINTF(2, 0);
#endif

#undef __PRINTF
#undef __SCANF

#ifdef __cplusplus
}
#endif

#endif
