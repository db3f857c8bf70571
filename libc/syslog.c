/* Messages for the system's log. Nobody collects them here: they go to stderr where the program asked
 * for that (LOG_PERROR), to the terminal as a last resort (LOG_CONS), and otherwise nowhere. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include "internal.h"

#define LONGEST 2048

static const char *name;
static int options;
static int mask = LOG_UPTO(LOG_DEBUG);

void openlog(const char *program, int how, int facility)
{
    name = program;
    options = how;
}

void closelog(void)
{
    name = NULL;
    options = 0;
}

int setlogmask(int new_mask)
{
    int before = mask;

    if (new_mask)
        mask = new_mask;
    return before;
}

/* %m means the error that was there when syslog() was called. */
static int compose(char line[LONGEST], const char *format, va_list ap)
{
    const char *who = name ? name : program_invocation_short_name;
    int n = options & LOG_PID ? snprintf(line, LONGEST, "%s[%d]: ", who, (int)getpid())
                              : snprintf(line, LONGEST, "%s: ", who);

    n += vsnprintf(line + n, LONGEST - 1 - (size_t)n, format, ap);
    if (n > LONGEST - 2)
        n = LONGEST - 2;
    if (line[n - 1] != '\n')
        line[n++] = '\n';
    return n;
}

void vsyslog(int priority, const char *format, va_list ap)
{
    int before = errno, n, fd;
    char line[LONGEST];

    if (!(mask & LOG_MASK(LOG_PRI(priority))))
        return;
    n = compose(line, format, ap);
    if (options & LOG_PERROR)
        write(STDERR_FILENO, line, (size_t)n);
    if (options & LOG_CONS && (fd = open("/dev/tty", O_WRONLY | O_NOCTTY | O_CLOEXEC)) >= 0) {
        write(fd, line, (size_t)n);
        close(fd);
    }
    errno = before;
}

void syslog(int priority, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsyslog(priority, format, ap);
    va_end(ap);
}
