/* This server's own log, at its fixed address; the console is told of each line. */
#include <lib/server/boot.h>
#include <lib/server/log.h>
#include <lib/sys/syscall.h>

static struct log own;

void log_start(const char *name)
{
    log_attach(&own, (struct byte_page *)(SERVER_BYTES_VA + BYTES_LOG * PAGE_SIZE), name);
}

void log_line(const char *format, ...)
{
    va_list args;

    if (!own.ring.page)
        return;
    va_start(args, format);
    if (log_vadd(&own, format, args))
        sys_signal(SLOT_PEER + SRV_CONSOLE);
    va_end(args);
}
