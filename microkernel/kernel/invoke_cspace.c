/* Invocations of a CSpace: copying, minting, moving, deleting, revoking. */
#include "microkernel/kernel/invoke.h"

#include <abi/error.h>
#include "microkernel/object/cspace.h"
#include "microkernel/object/delete.h"

#define COPY_MAX 1024u

static int copy_check(struct tcb *t, uint64_t src, uint64_t count)
{
    struct cap *c;
    for (uint64_t i = 0; i < count; i++) {
        int r = cap_find_any(t, src + i, &c);
        if (r)
            return r;
        if (!cap_is_copyable(c))
            return ERR_TYPE;
    }
    return 0;
}

static int cspace_copy(struct tcb *t, struct cspace *cs, const uint64_t w[4])
{
    uint64_t count = w[2] >> 16 & 0xffffff;
    struct cap *dst;
    if (count == 0)
        count = 1;
    int r = count > COPY_MAX ? ERR_RANGE : copy_check(t, w[1], count);
    if (!r)
        r = cspace_find_free(cs, w[0], count, &dst);
    for (uint64_t i = 0; !r && i < count; i++) {
        struct cap *src = &t->slots[w[1] + i];
        cap_derive(&dst[i], src, w[2] & RIGHT_ALL, src->badge);
    }
    return r;
}

static int cspace_mint(struct tcb *t, struct cspace *cs, const uint64_t w[4])
{
    struct cap *src, *dst;
    int r = cap_find_any(t, w[1], &src);
    if (r)
        return r;
    if (src->type != OBJ_ENDPOINT && src->type != OBJ_NOTIFICATION)
        return ERR_TYPE;
    if (src->badge)
        return ERR_RIGHTS;
    r = cspace_find_free(cs, w[0], 1, &dst);
    if (!r)
        cap_derive(dst, src, w[2], w[3]);
    return r;
}

static int cspace_mint_region(struct tcb *t, struct cspace *cs, const uint64_t w[4])
{
    uint64_t first = (uint32_t)w[3], count = w[3] >> 32;
    struct cap *src, *dst;
    int r = cap_find(t, w[1], OBJ_REGION, 0, &src);
    if (r)
        return r;
    if (!cap_is_copyable(src))
        return ERR_BUSY;
    if (count == 0 || first >= src->npages || count > src->npages - first)
        return ERR_RANGE;
    r = cspace_find_free(cs, w[0], 1, &dst);
    if (r)
        return r;
    cap_derive(dst, src, w[2], src->badge);
    dst->pfn = src->pfn + first;
    dst->npages = count;
    return 0;
}

static int cspace_move(struct tcb *t, struct cspace *cs, const uint64_t w[4])
{
    struct cap *src, *dst;
    int r = cap_find_any(t, w[1], &src);
    if (!r)
        r = cspace_find_free(cs, w[0], 1, &dst);
    return r ? r : cap_move(dst, src);
}

static int cspace_delete(struct cspace *cs, const uint64_t w[4])
{
    uint64_t count = w[1] ? w[1] : 1;
    if (w[0] >= cs->nslots || count > cs->nslots - w[0])
        return ERR_RANGE;
    for (uint64_t i = 0; i < count; i++) {
        int r = cap_delete(&cs->slots[w[0] + i]);
        if (r)
            return r;
    }
    return 0;
}

static int cspace_info(struct cspace *cs, uint64_t w[4])
{
    if (w[0] >= cs->nslots)
        return ERR_RANGE;
    const struct cap *c = &cs->slots[w[0]];
    w[0] = c->type;
    w[1] = c->rights;
    w[2] = c->type == OBJ_ENDPOINT || c->type == OBJ_NOTIFICATION ? c->badge : 0;
    return 0;
}

int invoke_cspace(struct tcb *t, struct cap *c, uint32_t label, uint64_t w[4])
{
    struct cspace *cs = c->pointer;
    if (label != CSPACE_INFO && !(c->rights & RIGHT_WRITE))
        return ERR_RIGHTS;
    switch (label) {
    case CSPACE_COPY:
        return cspace_copy(t, cs, w);
    case CSPACE_MINT:
        return cspace_mint(t, cs, w);
    case CSPACE_MINT_REGION:
        return cspace_mint_region(t, cs, w);
    case CSPACE_MOVE:
        return cspace_move(t, cs, w);
    case CSPACE_DELETE:
        return cspace_delete(cs, w);
    case CSPACE_REVOKE:
        return w[0] < cs->nslots ? cap_revoke(&cs->slots[w[0]]) : ERR_RANGE;
    case CSPACE_INFO:
        return cspace_info(cs, w);
    default:
        return ERR_BADMSG;
    }
}
