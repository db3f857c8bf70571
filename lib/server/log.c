/* The log: see log.h. Pure: the server's own log is in own_log.c. */
#include <lib/server/log.h>
#include <stdio.h>
#include <string.h>

void log_attach(struct log *log, struct byte_page *page, const char *name)
{
    *log = (struct log){.name = name};
    bytering_attach_writer(&log->ring, page);
}

/* Append the whole line or nothing. */
static bool add_line(struct log *log, const char *line, size_t n)
{
    if (bytering_room(&log->ring) < n)
        return false;
    bytering_write(&log->ring, line, n);
    return true;
}

static void report_dropped(struct log *log)
{
    char line[80];
    int n;

    if (!log->nunreported)
        return;
    n = snprintf(line, sizeof line, "%s: (%lu lines lost)\n", log->name,
                 (unsigned long)log->nunreported);
    if (add_line(log, line, (size_t)n))
        log->nunreported = 0;
}

bool log_vadd(struct log *log, const char *format, va_list args)
{
    char line[LOG_LINE_MAX + 1];
    size_t n, name_len = strlen(log->name);
    int text;

    report_dropped(log);
    memcpy(line, log->name, name_len);
    memcpy(line + name_len, ": ", 2);
    n = name_len + 2;
    text = vsnprintf(line + n, LOG_LINE_MAX - n, format, args);
    n += text < 0 ? 0 : (size_t)text < LOG_LINE_MAX - n ? (size_t)text : LOG_LINE_MAX - n - 1;
    line[n++] = '\n';
    if (add_line(log, line, n))
        return true;
    log->ndropped++;
    log->nunreported++;
    return false;
}
