/* Dividing the heap, once, among everything that the pager keeps. */
#ifndef PAGER_CARVE_H
#define PAGER_CARVE_H

#include "pager.h"

struct carve_plan {
    uint8_t *heap;
    uint64_t heap_bytes;
    uint32_t nframes;
    uint32_t loader_frame, loader_pages;
    const char *policy;  /* NUL-terminated; unknown or empty: the default */
    uint64_t hz;
};

/* Set *pg up. The heap is zeroed. => 0, or ERR_NOMEM: the heap is too small for so many frames. */
int pager_init(struct pager *pg, const struct carve_plan *plan);

#endif
