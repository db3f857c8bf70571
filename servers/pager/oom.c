/* The out-of-memory rule of oom.h. */
#include "oom.h"
#include "kern.h"
#include "fault.h"
#include <proto/pagerproc.h>

static bool is_worse(const struct aspace *a, const struct aspace *b)
{
    if (b == NULL || a->is_first != b->is_first)
        return b == NULL || b->is_first;
    if (a->nanon != b->nanon)
        return a->nanon > b->nanon;
    return BADGE_SERIAL(a->badge) > BADGE_SERIAL(b->badge);
}

struct aspace *oom_choose(struct pager *pg)
{
    struct aspace *worst = NULL;
    for (uint32_t i = 0; i < POOL_SLOTS; i++) {
        struct aspace *as = &pg->aspaces[i];
        if (as->state == AS_LIVE && !as->is_ending && is_worse(as, worst))
            worst = as;
    }
    return worst;
}

void oom_kill(struct pager *pg)
{
    if (pg->oom_victim != 0)
        return;
    struct aspace *as = oom_choose(pg);
    if (as == NULL)
        return;
    pg->oom_victim = as->badge;
    pg->stuck_rounds = 0;
    pg->stats.oom_kills++;
    kern_log("out of memory: ending process with badge %#lx, %u anonymous pages",
             (unsigned long)as->badge, as->nanon);
    fault_report(pg, as, &(struct death_report){SIGNAL_KILL, DEATH_OOM, 0, 0, 0});
}
