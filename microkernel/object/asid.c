/* Activating address spaces, and the ASIDs that make it cheap. ASIDs are given out in order; when
 * they are used up, a new epoch begins with a full flush and every VSpace needs a new one. */
#include "microkernel/kernel/cpu.h"
#include "microkernel/object/vspace.h"

struct vspace kernel_vspace = {.object.refs = 1};

static uint64_t asid_last; /* highest ASID, 0 if there are none */
static uint64_t asid_next = 1;

void vspace_set_asid_bits(uint32_t bits)
{
    asid_last = (1UL << bits) - 1;
    asid_next = 1;
}

static void asid_assign(struct cpu *c, struct vspace *v)
{
    if (asid_next > asid_last) {
        c->asid_epoch++;
        asid_next = 1;
        arch_flush_all();
    }
    v->asid = asid_next++;
    v->asid_epoch = c->asid_epoch;
    v->token = arch_root_token(ptr_phys(v->root), v->asid);
}

static void activate_without_asid(struct vspace *v)
{
    v->asid = 0;
    v->token = arch_root_token(ptr_phys(v->root), 0);
    arch_set_root(v->token);
    arch_flush_all();
}

void vspace_activate(struct cpu *c, struct vspace *v)
{
    c->vspace = v;
    if (__builtin_expect(v->asid_epoch == c->asid_epoch, 1)) {
        arch_set_root(v->token);
    } else if (!v->root) {
        arch_set_root(kernel_vspace.token);
    } else if (asid_last == 0) {
        activate_without_asid(v);
    } else {
        asid_assign(c, v);
        arch_set_root(v->token);
    }
}
