/* Messages on stderr: "PROGRAM: TEXT: REASON". */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static void message(const char *format, va_list ap, int code)
{
    fflush(stdout);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    if (format)
        vfprintf(stderr, format, ap);
    if (code)
        fprintf(stderr, "%s%s", format ? ": " : "", strerror(code));
    fputc('\n', stderr);
}

void vwarn(const char *format, va_list ap)
{
    message(format, ap, errno);
}

void vwarnx(const char *format, va_list ap)
{
    message(format, ap, 0);
}

void verr(int status, const char *format, va_list ap)
{
    message(format, ap, errno);
    exit(status);
}

void verrx(int status, const char *format, va_list ap)
{
    message(format, ap, 0);
    exit(status);
}

void warn(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vwarn(format, ap);
    va_end(ap);
}

void warnx(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vwarnx(format, ap);
    va_end(ap);
}

void err(int status, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    verr(status, format, ap);
}

void errx(int status, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    verrx(status, format, ap);
}
