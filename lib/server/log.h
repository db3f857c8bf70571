/* One line at a time into this server's log, a byte ring that the console prints. Never blocks: a
 * line for which there is no room is dropped and counted, and the next one says how many were. */
#ifndef LIB_SERVER_LOG_H
#define LIB_SERVER_LOG_H

#include <stdarg.h>
#include <lib/server/bytering.h>

#define LOG_LINE_MAX 240u

struct log {
    struct bytering ring;
    const char *name; /* begins each line */
    uint64_t ndropped;
    uint64_t nunreported;
};

void log_attach(struct log *log, struct byte_page *page, const char *name);

/* Append "name: text\n" (cut at LOG_LINE_MAX). => false: dropped. */
bool log_vadd(struct log *log, const char *format, va_list args);

/* This server's own log: log_start() attaches it at SERVER_BYTES_VA, log_line() appends to it and
 * signals the console. Before log_start() lines are dropped silently. */
void log_start(const char *name);
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
