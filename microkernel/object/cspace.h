/* CSpaces: flat tables of capabilities. Slot 0 stays empty: it means "none" everywhere. */
#ifndef OBJECT_CSPACE_H
#define OBJECT_CSPACE_H

#include "microkernel/object/tcb.h"

struct cspace {
    struct object object;
    uint32_t nslots;
    uint32_t cursor; /* being destroyed: all slots below are empty */
    uint32_t unused[13];
    struct cap slots[];
};

#define CSPACE_SLOTS_MAX 65536u

/* The capability in `slot` of the thread's CSpace, if it has that type and those rights.
 * => ERR_SLOT, ERR_TYPE, ERR_RIGHTS. */
int cap_find(struct tcb *t, uint64_t slot, enum object_type type, uint32_t rights,
             struct cap **out);

/* Any type. => ERR_SLOT if empty or out of range. */
int cap_find_any(struct tcb *t, uint64_t slot, struct cap **out);

/* `count` consecutive empty slots of `cs` for new capabilities. => ERR_RANGE, ERR_EXISTS. */
int cspace_find_free(struct cspace *cs, uint64_t slot, uint64_t count, struct cap **out);

/* The next capability to be deleted as the CSpace ends, but not `except`; looks at a bounded number
 * of slots. */
struct cap *cspace_inner_cap(struct cspace *cs, const struct cap *except);
bool cspace_is_empty(const struct cspace *cs);

#endif
