/* Requests of the pager to proc. */
#ifndef PROTO_PAGERPROC_H
#define PROTO_PAGERPROC_H

#define PROTO_NAME pagerproc
#define PROTO_FILE <proto/pagerproc.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

enum death {
    DEATH_NO_MAPPING = 1,   /* no VMA at that address */
    DEATH_PROTECTION = 2,   /* a VMA, but not for this access */
    DEATH_GUARD = 3,        /* the guard page below the stack */
    DEATH_PAST_EOF = 4,     /* mapping beyond the end of its file: SIGBUS */
    DEATH_IO = 5,           /* the page could not be read: SIGBUS */
    DEATH_NO_SPACE = 6,     /* no room on disk for a dirtied hole: SIGBUS */
    DEATH_INSTRUCTION = 7,  /* illegal, misaligned, breakpoint, access fault */
    DEATH_OOM = 8,          /* out of memory and swap: chosen by the written rule */
};

#endif
