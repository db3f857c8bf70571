/* See table.h. */
#include "table.h"
#include <string.h>
#include "pending.h"

void table_init(struct proc_service *s, uint32_t nslots)
{
    pending_init(s);
    s->nslots = nslots < POOL_SLOTS ? nslots : POOL_SLOTS;
}

static struct process **bucket(struct proc_service *s, uint32_t pid)
{
    return &s->by_pid[pid % PID_HASH];
}

struct process *table_find(struct proc_service *s, uint32_t pid)
{
    struct process *p = *bucket(s, pid);

    while (p && p->pid != pid)
        p = p->next_in_hash;
    return p;
}

struct process *table_by_badge(struct proc_service *s, badge_t badge)
{
    uint32_t slot = BADGE_SLOT(badge);
    struct process *p = slot < s->nslots ? &s->process[slot] : NULL;

    return p && p->life != LIFE_FREE && p->life != LIFE_ZOMBIE && p->badge == badge ? p : NULL;
}

bool table_group_exists(struct proc_service *s, uint32_t pgid, uint32_t sid)
{
    TABLE_EACH(s, p)
        if (p->pgid == pgid && (sid == 0 || p->sid == sid))
            return true;
    return false;
}

bool table_group_is_orphaned(struct proc_service *s, const struct process *p)
{
    TABLE_EACH(s, member) {
        const struct process *parent = member->adopted ? NULL : member->parent;

        if (member->life == LIFE_ZOMBIE)
            continue;
        if (member->pgid == p->pgid && parent && parent->pgid != p->pgid && parent->sid == p->sid)
            return false;
    }
    return true;
}

/* Neither a process nor a group may have it. */
static uint32_t new_pid(struct proc_service *s)
{
    do
        s->last_pid = s->last_pid < PID_MAX ? s->last_pid + 1 : 2;
    while (s->last_serial >= PID_MAX &&
           (table_find(s, s->last_pid) || table_group_exists(s, s->last_pid, 0)));
    return s->last_pid;
}

static struct process *free_slot(struct proc_service *s)
{
    for (uint32_t n = 0; n < s->nslots; n++) {
        struct process *p = &s->process[s->next_slot];

        if (p->life == LIFE_FREE)
            return p;
        s->next_slot = s->next_slot + 1 < s->nslots ? s->next_slot + 1 : 0;
    }
    return NULL;
}

static void link_child(struct process *parent, struct process *p)
{
    p->parent = parent;
    p->prev_sibling = NULL;
    p->next_sibling = parent ? parent->child : NULL;
    if (p->next_sibling)
        p->next_sibling->prev_sibling = p;
    if (parent)
        parent->child = p;
}

static void unlink_child(struct process *p)
{
    if (p->next_sibling)
        p->next_sibling->prev_sibling = p->prev_sibling;
    if (p->prev_sibling)
        p->prev_sibling->next_sibling = p->next_sibling;
    else if (p->parent)
        p->parent->child = p->next_sibling;
}

struct process *table_new(struct proc_service *s, struct process *parent)
{
    struct process *p = free_slot(s);

    if (p == NULL)
        return NULL;
    memset(p, 0, sizeof *p);
    p->life = LIFE_EMBRYO;
    p->pid = new_pid(s);
    p->badge = PROC_BADGE(++s->last_serial, table_slot(s, p));
    p->pgid = parent ? parent->pgid : p->pid;
    p->sid = parent ? parent->sid : p->pid;
    p->next_in_hash = *bucket(s, p->pid);
    *bucket(s, p->pid) = p;
    link_child(parent, p);
    s->nused++;
    return p;
}

void table_free(struct proc_service *s, struct process *p)
{
    struct process **at = bucket(s, p->pid);

    while (*at != p)
        at = &(*at)->next_in_hash;
    *at = p->next_in_hash;
    unlink_child(p);
    p->life = LIFE_FREE;
    s->nused--;
}

void table_reparent(struct proc_service *s, struct process *p)
{
    struct process *first = table_find(s, 1);

    if (first == p)
        first = NULL;
    while (p->child) {
        struct process *orphan = p->child;

        unlink_child(orphan);
        link_child(first, orphan);
        orphan->adopted = true;
    }
}
