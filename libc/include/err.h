/* Messages of programs about what went wrong. */
#ifndef _ERR_H
#define _ERR_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void warnx(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vwarn(const char *format, va_list ap);
void vwarnx(const char *format, va_list ap);
void err(int status, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
void errx(int status, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
void verr(int status, const char *format, va_list ap) __attribute__((noreturn));
void verrx(int status, const char *format, va_list ap) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#endif
