/* See limit.h. Numbers and units are those of libc's <sys/resource.h>. */
#include "limit.h"
#include <abi/error.h>
#include <abi/layout.h>
#include <proto/fs.h>
#include "kern.h"
#include "life.h"
#include "signal.h"

enum { LIMIT_CPU, LIMIT_FSIZE, LIMIT_DATA, LIMIT_STACK, LIMIT_CORE, LIMIT_NOFILE, LIMIT_AS, LIMIT_NPROC };
#define UNLIMITED (~0UL)

static const uint64_t most[PROC_LIMITS] = {
    [LIMIT_CPU] = UNLIMITED,     [LIMIT_FSIZE] = UNLIMITED,   [LIMIT_DATA] = UNLIMITED,
    [LIMIT_STACK] = STACK_BYTES, [LIMIT_CORE] = 0,            [LIMIT_NOFILE] = FS_MAX_FDS,
    [LIMIT_AS] = UNLIMITED,      [LIMIT_NPROC] = POOL_SLOTS,
};

void limit_init(struct process *first)
{
    for (unsigned i = 0; i < PROC_LIMITS; i++)
        first->limit[i] = (struct limit){most[i], most[i]};
}

int limit_set(struct proc_service *s, struct process *p, uint64_t which, struct limit to)
{
    if (which >= PROC_LIMITS || to.soft > to.hard)
        return ERR_INVAL;
    if (to.hard > most[which])
        return ERR_PERM;
    if (which == LIMIT_STACK && to.soft != STACK_BYTES)
        return ERR_INVAL;
    p->limit[which] = to;
    if (which == LIMIT_CPU) {
        p->warn_at = 0;
        limit_check_time(s, p);
    }
    return 0;
}

bool limit_allows_fork(const struct proc_service *s, const struct process *p)
{
    return s->nused < p->limit[LIMIT_NPROC].soft;
}

static uint64_t to_ticks(const struct proc_service *s, uint64_t seconds)
{
    return seconds < UNLIMITED / s->hz ? seconds * s->hz : UNLIMITED;
}

void limit_check_time(struct proc_service *s, struct process *p)
{
    uint64_t soft = to_ticks(s, p->limit[LIMIT_CPU].soft), hard = to_ticks(s, p->limit[LIMIT_CPU].hard);
    uint64_t next;

    deadline_clear(&s->timers, &p->used_up);
    if (soft == UNLIMITED || p->life != LIFE_ALIVE || p->doomed)
        return;
    kern_thread_usage(p, &p->ticks, &p->faults);
    if (p->ticks >= hard) {
        life_end(s, p, SIG_KILL);
        return;
    }
    if (p->ticks >= soft && p->ticks >= p->warn_at) {
        p->warn_at = p->ticks + s->hz;
        signal_send(s, p, &(struct signal_info){.signal = SIG_XCPU, .code = CODE_KERNEL});
    }
    next = p->ticks < soft ? soft : p->warn_at < hard ? p->warn_at : hard;
    if (p->life == LIFE_ALIVE && !p->doomed)
        deadline_set(&s->timers, &p->used_up, kern_now() + (next - p->ticks));
}
