/* The invariants between the pager's books and the fake kernel's. */
#include <assert.h>
#include <stdlib.h>
#include "machine.h"
#include <servers/pager/frame.h>
#include <servers/pager/softpt.h>

struct census {
    uint32_t *nmap, *refs;
};

static void check_word(const struct aspace *as, vaddr_t va, uint32_t word, struct census *c)
{
    struct pager *pg = world_pager();
    uint32_t id = word & WORD_ID, frame = NONE;
    struct pte *p = as->state == AS_DYING ? NULL : pte_find(as->slot, va >> 12, false);
    if (word == 0) {
        assert(p == NULL);
        return;
    }
    if ((word & WORD_KIND) == WORD_ANON) {
        c->refs[id]++;
        assert(pg->anons[id].vpage == va >> 12 && pg->anons[id].family == as->family);
        frame = pg->anons[id].where;
    } else {
        assert(word & WORD_MAPPED);
        frame = (word & WORD_KIND) == WORD_ZERO ? pg->zero_frame : id;
    }
    if (word & WORD_MAPPED) {
        c->nmap[frame]++;
        assert(p != NULL && p->frame == frame);
        assert(!(p->rights & PROT_W) == !(word & WORD_WRITE));
    } else {
        assert(p == NULL);
    }
}

static void check_aspace(struct aspace *as, struct census *c)
{
    struct pager *pg = world_pager();
    uint32_t ntables = 1, leaf;
    uint64_t last = ~0UL;
    for (vaddr_t va = 0; (leaf = softpt_next(pg, as, &va, USER_END)) != NONE; va += LEAF_BYTES) {
        uint32_t used = 0;
        ntables += (last >> 21 != va >> 21) + (last >> 30 != va >> 30);
        last = va;
        for (uint32_t i = 0; i < NODE_WORDS; i++) {
            used += pg->nodes[leaf].word[i] != 0;
            check_word(as, va + i * PAGE_SIZE, pg->nodes[leaf].word[i], c);
        }
        assert(used == pg->node_link[leaf].used);
    }
    assert(as->ntables == ntables);
}

static void check_frame(uint32_t frame, const struct census *c, uint32_t *nfree)
{
    struct pager *pg = world_pager();
    const struct frame *f = frame_of(pg, frame);
    assert(c->nmap[frame] == machine.nmaps[frame]);
    assert(frame == pg->zero_frame || f->nmap == machine.nmaps[frame]);
    assert((f->state == FRAME_TABLE) == machine.is_table[frame]);
    assert(!(f->flags & FRAME_LISTED) || f->state == FRAME_ANON || f->state == FRAME_FILE);
    if (f->state == FRAME_FREE) {
        assert(machine.nmaps[frame] == 0 && machine.npins[frame] == 0);
        (*nfree)++;
    }
    if (f->state == FRAME_ANON && f->owner != NONE)
        assert(pg->anons[f->owner].where == frame && pg->anons[f->owner].refs > 0);
}

void world_check(void)
{
    struct pager *pg = world_pager();
    struct census c = {calloc(machine.nframes, 4), calloc(pg->nanons, 4)};
    uint32_t nfree = 0, used = 0;
    assert(world.misuses == 0 && pg->item_errors == 0);
    for (uint32_t i = 0; i < POOL_SLOTS; i++)
        if (pg->aspaces[i].state == AS_LIVE)
            check_aspace(&pg->aspaces[i], &c);
    for (uint32_t i = 0; i < machine.nframes; i++)
        check_frame(i, &c, &nfree);
    assert(nfree == pg->nfree);
    for (uint32_t i = 0; i < pg->nanons; i++)
        if (c.refs[i] > 0) {
            assert(c.refs[i] == pg->anons[i].refs);
            used++;
        }
    assert(used <= pg->anon_used);
    free(c.nmap);
    free(c.refs);
}
