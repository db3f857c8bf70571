/* A typed ring of recent events, for debuggers (tools/gdb.py finds `struct trace` objects by name):
 * off by default, one load and a branch then. The kinds are the server's own enum. */
#ifndef LIB_SERVER_TRACE_H
#define LIB_SERVER_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <trap.h>

#define TRACE_EVENTS 256u /* a power of two */

struct trace_event {
    ticks_t when;
    uint64_t kind;
    uint64_t a, b;
};

struct trace {
    bool is_on;
    uint64_t count; /* events ever; the last TRACE_EVENTS of them are kept at count modulo that */
    struct trace_event event[TRACE_EVENTS];
};

static inline void trace_add(struct trace *t, uint64_t kind, uint64_t a, uint64_t b)
{
    if (__builtin_expect(t->is_on, 0))
        t->event[t->count++ % TRACE_EVENTS] = (struct trace_event){time_now(), kind, a, b};
}

#endif
