/* See pending.h. What signals tell lies in a pool of the server: a list for each process, in the order
 * of arrival, all numbers in one. Invariant: every number in the list has its bit in p->pending; a bit
 * without an entry is a signal for whose information there was no room. */
#include "pending.h"
#include <stddef.h>
#include "timer.h"

void pending_init(struct proc_service *s)
{
    for (uint16_t i = 1; i <= SIGNAL_POOL; i++)
        s->queued[i].next = i < SIGNAL_POOL ? (uint16_t)(i + 1) : 0;
    s->queued_free = 1;
}

enum pending_result pending_add(struct proc_service *s, struct process *p,
                                const struct signal_info *info)
{
    uint16_t i = s->queued_free, *last = &p->queued_first;
    bool queues = info->signal >= SIGNAL_RT;

    if (!queues && (p->pending & SIGNAL_BIT(info->signal)))
        return PENDING_MERGED;
    if (i == 0 || (queues && p->nqueued >= SIGNALS_QUEUED))
        return PENDING_FULL;
    s->queued_free = s->queued[i].next;
    s->queued[i] = (struct queued_signal){*info, 0};
    while (*last)
        last = &s->queued[*last].next;
    *last = i;
    p->nqueued++;
    p->pending |= SIGNAL_BIT(info->signal);
    return PENDING_KEPT;
}

void pending_mark(struct process *p, unsigned signal)
{
    p->pending |= SIGNAL_BIT(signal);
}

/* The link to the first of that number, or the one at the end, which is 0. */
static uint16_t *find(struct proc_service *s, uint16_t *link, unsigned signal)
{
    while (*link && s->queued[*link].info.signal != signal)
        link = &s->queued[*link].next;
    return link;
}

struct signal_info pending_first(struct proc_service *s, struct process *p, unsigned signal)
{
    uint16_t i = *find(s, &p->queued_first, signal);

    return i ? s->queued[i].info : (struct signal_info){.signal = signal};
}

void pending_take(struct proc_service *s, struct process *p, unsigned signal)
{
    uint16_t *link = find(s, &p->queued_first, signal), i = *link;

    p->pending &= ~SIGNAL_BIT(signal);
    if (i == 0)
        return;
    *link = s->queued[i].next;
    s->queued[i].next = s->queued_free;
    s->queued_free = i;
    p->nqueued--;
    if (*find(s, link, signal))
        p->pending |= SIGNAL_BIT(signal);
    timer_taken(s, p, &s->queued[i].info);
}

void pending_drop(struct proc_service *s, struct process *p, uint64_t set)
{
    while (p->pending & set)
        pending_take(s, p, (unsigned)__builtin_ctzl(p->pending & set));
}
