/* The boot archive's `conf`: lines key=value. Pure. */
#ifndef SERVERS_INIT_CONF_H
#define SERVERS_INIT_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf {
    bool is_exec;       /* mode=exec; else mode=run */
    uint16_t rows, cols; /* size=ROWSxCOLS of the terminal; 0: not told */
    char policy[16];    /* policy=NAME; "clock" if not given */
    char unknown[32];   /* the first key not known, or "" */
};

/* Read n bytes of text. Unknown keys and lines without '=' are skipped and the first is kept in
 * `unknown`; values that are too long or not known are skipped likewise. */
void conf_read(const char *text, size_t n, struct conf *out);

#endif
