/* error() and error_at_line(). */
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

void (*error_print_progname)(void);
unsigned int error_message_count;
int error_one_per_line;

static void begin(void)
{
    fflush(stdout);
    if (error_print_progname)
        error_print_progname();
    else
        fprintf(stderr, "%s:", program_invocation_name);
}

static void message(int status, int code, const char *format, va_list ap)
{
    vfprintf(stderr, format, ap);
    error_message_count++;
    if (code)
        fprintf(stderr, ": %s", strerror(code));
    fputc('\n', stderr);
    if (status)
        exit(status);
}

void error(int status, int code, const char *format, ...)
{
    va_list ap;

    begin();
    fputc(' ', stderr);
    va_start(ap, format);
    message(status, code, format, ap);
    va_end(ap);
}

void error_at_line(int status, int code, const char *file, unsigned line, const char *format, ...)
{
    static const char *last_file;
    static unsigned last_line;
    va_list ap;

    if (error_one_per_line && line == last_line && last_file && strcmp(file, last_file) == 0)
        return;
    last_file = file;
    last_line = line;
    begin();
    if (file)
        fprintf(stderr, "%s:%u: ", file, line);
    else
        fputc(' ', stderr);
    va_start(ap, format);
    message(status, code, format, ap);
    va_end(ap);
}
