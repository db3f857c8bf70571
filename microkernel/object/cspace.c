/* Slot lookup with its checks, and the walk over a CSpace that ends. */
#include "microkernel/object/cspace.h"

#include <abi/error.h>

#define SCAN_STEP 256

int cap_find_any(struct tcb *t, uint64_t slot, struct cap **out)
{
    if (slot >= t->nslots || t->slots[slot].type == OBJ_NULL)
        return ERR_SLOT;
    *out = &t->slots[slot];
    return 0;
}

int cap_find(struct tcb *t, uint64_t slot, enum object_type type, uint32_t rights,
             struct cap **out)
{
    int r = cap_find_any(t, slot, out);
    if (r)
        return r;
    if ((*out)->type != type)
        return ERR_TYPE;
    return rights & ~(*out)->rights ? ERR_RIGHTS : 0;
}

int cspace_find_free(struct cspace *cs, uint64_t slot, uint64_t count, struct cap **out)
{
    if (slot == 0 || slot >= cs->nslots || count > cs->nslots - slot)
        return ERR_RANGE;
    for (uint64_t i = 0; i < count; i++)
        if (cs->slots[slot + i].type != OBJ_NULL)
            return ERR_EXISTS;
    cs->cursor = 0;
    *out = &cs->slots[slot];
    return 0;
}

struct cap *cspace_inner_cap(struct cspace *cs, const struct cap *except)
{
    for (int i = 0; i < SCAN_STEP && cs->cursor < cs->nslots; i++, cs->cursor++) {
        struct cap *c = &cs->slots[cs->cursor];
        if (c->type != OBJ_NULL && c != except)
            return c;
    }
    return NULL;
}

bool cspace_is_empty(const struct cspace *cs)
{
    return cs->cursor == cs->nslots;
}
