/* Sampling of accessed bits: a walk over all address spaces, a few leaves a step, that reads and clears
 * the A bits and tells the policy. A page that was mapped by a fault may be given up only after the
 * walk has passed it (FRESH). A full walk is a round; the policy's tick ends it. */
#include "reclaim.h"
#include "batch.h"
#include "fileio.h"
#include "frame.h"
#include "softpt.h"

bool scan_is_wanted(const struct pager *pg)
{
    return pg->nfree < pg->nframes / 4;
}

static uint32_t frame_of_word(const struct pager *pg, uint32_t word)
{
    if (!(word & WORD_MAPPED))
        return NONE;
    switch (word & WORD_KIND) {
    case WORD_ANON:
        return pg->anons[word & WORD_ID].where;
    case WORD_FILE:
        return word & WORD_ID;
    default:
        return NONE;
    }
}

static void harvested(struct pager *pg, const uint32_t *words, uint64_t accessed)
{
    for (uint32_t i = 0; i < NODE_WORDS; i++) {
        uint32_t frame = frame_of_word(pg, words[i]);
        if (frame == NONE)
            continue;
        frame_of(pg, frame)->flags &= ~FRAME_FRESH;
        if (accessed >> i & 1)
            reclaim_touched(pg, frame);
    }
}

static bool any_mapped(const uint32_t *words)
{
    uint32_t any = 0;
    for (uint32_t i = 0; i < NODE_WORDS; i++)
        any |= words[i];
    return any & WORD_MAPPED;
}

/* Harvest the next leaves from scan_va on, in one kernel entry. => false: there are no more. */
static bool scan_leaves(struct pager *pg, struct aspace *as)
{
    struct item item[MSG_BATCH];
    uint32_t leaf[MSG_BATCH], at, n = 0, failed;
    while (n < MSG_BATCH && (at = softpt_next(pg, as, &pg->scan_va, USER_END)) != NONE) {
        if (any_mapped(pg->nodes[at].word)) {
            item[n] = (struct item){
                ITEM_W0(ITEM_HARVEST, HARVEST_CLEAR_A, vspace_slot(as), 0, NODE_WORDS), pg->scan_va,
                0};
            leaf[n++] = at;
        }
        pg->scan_va += LEAF_BYTES;
    }
    if (n == 0 || kern_items(item, n, &failed) != 0)
        return n > 0;
    for (uint32_t i = 0; i < n; i++)
        harvested(pg, pg->nodes[leaf[i]].word, item[i].w2);
    return true;
}

/* Pages that were brought in for somebody who did not map them: they had their time. */
static void end_fresh(struct pager *pg)
{
    for (uint32_t i = 0; i < pg->nframes; i++)
        if (pg->frames[i].nmap == 0)
            pg->frames[i].flags &= ~FRAME_FRESH;
}

static void round_done(struct pager *pg)
{
    end_fresh(pg);
    pg->policy->tick(pg->policy_self);
    pg->work &= ~WORK_SCAN;
    pg->scan_as = 0;
    pg->scan_va = 0;
    pg->scan_due = pg->now + pg->scan_ms * (pg->hz / 1000);
    if (pg->memory.head == NONE && !pg->jobs_wait) {
        pg->stuck_rounds = 0;
        return;
    }
    pg->stuck_rounds++;
    pg->work |= WORK_RECLAIM | WORK_JOBS;
}

void scan_step(struct pager *pg)
{
    struct aspace *as = &pg->aspaces[pg->scan_as];
    bool is_there = as->state == AS_LIVE || as->state == AS_BUILDING;
    if (is_there && scan_leaves(pg, as))
        return;
    pg->scan_va = 0;
    if (++pg->scan_as >= POOL_SLOTS)
        round_done(pg);
}
