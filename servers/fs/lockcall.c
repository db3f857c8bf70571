/* fcntl's record locks and flock's: who waits for whom. A lock that would close a ring of waiting
 * processes is refused. Record locks belong to the process, and any close of the file drops them; those
 * of flock and F_OFD_* belong to the open file and end with it (process.c). flock's form a list of
 * their own: they do not see the others. */
#include <servers/fs/handlers.h>
#include <string.h>

enum lock_cmd { LOCK_GET, LOCK_TRY, LOCK_WAIT, LOCK_CMD_MASK };

#define LOCK_FLAGS ((uint64_t)(FS_LOCK_FILE | FS_LOCK_WHOLE))

static enum lock_cmd lock_cmd(const struct request *r)
{
    return REQ(fs, lock, r)->cmd_type & LOCK_CMD_MASK;
}

static bool is_of_file(const struct request *r)
{
    return REQ(fs, lock, r)->cmd_type & LOCK_FLAGS;
}

static struct lock **list_of(const struct request *r, struct node *n)
{
    return REQ(fs, lock, r)->cmd_type & FS_LOCK_WHOLE ? &n->flocks : &n->locks;
}

static int to_range(const struct vfs *v, const struct request *r, const struct file *f,
                    struct lock_range *range)
{
    const struct fs_lock_req *q = REQ(fs, lock, r);
    uint64_t type = q->cmd_type >> 8;
    if (type > LOCK_NONE || (q->cmd_type & 0xff & ~LOCK_FLAGS) > LOCK_WAIT || (int64_t)q->start < 0
        || (int64_t)q->len < 0)
        return ERR_INVAL;
    *range = (struct lock_range){q->start, q->len == 0 ? LOCK_END : q->start + q->len,
                                 is_of_file(r) ? file_owner(v, f) : BADGE_SLOT(r->badge),
                                 (uint32_t)type};
    return 0;
}

/* The call with which process `slot` waits for a record lock, or NULL. */
static struct request *waiting_call(struct vfs *v, uint32_t slot)
{
    struct request *r = request_of(v, v->processes[slot].badge);
    bool waits = r && r->op == fs_OP_lock && r->state == REQUEST_EVENT && r->wait == WAIT_LOCK;
    return waits && !is_of_file(r) ? r : NULL;
}

enum look { LOOK_NEVER, LOOK_DUE, LOOK_DONE };

/* Note the processes in the way of `want`. => whether `owner` is one of them. */
static bool note_blockers(struct lock *list, const struct lock_range *want, uint32_t owner,
                          uint8_t *look)
{
    for (struct lock *l = lock_conflict(list, want); l; l = lock_conflict(l->next, want)) {
        if (l->owner == owner)
            return true;
        if (l->owner < POOL_SLOTS && look[l->owner] == LOOK_NEVER)
            look[l->owner] = LOOK_DUE;
    }
    return false;
}

static bool note_blockers_of(struct vfs *v, uint32_t slot, uint32_t owner, uint8_t *look)
{
    struct request *r = waiting_call(v, slot);
    struct lock_range want;
    look[slot] = LOOK_DONE;
    return r && to_range(v, r, NULL, &want) == 0
           && note_blockers(v->nodes[r->wait_id].locks, &want, owner, look);
}

/* Would the owner of `want` wait for itself? Everybody it would wait for, directly or through
 * others, is looked at once. */
static bool would_deadlock(struct vfs *v, struct node *n, const struct lock_range *want)
{
    uint8_t look[POOL_SLOTS] = {LOOK_NEVER};
    uint8_t *due;
    note_blockers(n->locks, want, want->owner, look);
    while ((due = memchr(look, LOOK_DUE, sizeof look)) != NULL)
        if (note_blockers_of(v, (uint32_t)(due - look), want->owner, look))
            return true;
    return false;
}

static int must_wait(struct vfs *v, struct request *r, struct node *n, const struct lock_range *want)
{
    if (r->is_interrupted)
        return ERR_INTR;
    if (want->owner < POOL_SLOTS && would_deadlock(v, n, want))
        return ERR_DEADLK;
    return request_park(r, WAIT_LOCK, node_id(v, n));
}

static int get(struct vfs *v, struct request *r, struct node *n, const struct lock_range *want)
{
    struct fs_lock_rep *rep = REP(fs, lock, r);
    struct lock *l = lock_conflict(*list_of(r, n), want);
    *rep = (struct fs_lock_rep){.type = LOCK_NONE};
    if (l)
        *rep = (struct fs_lock_rep){l->type, l->start, l->end == LOCK_END ? 0 : l->end - l->start,
                                    l->owner < POOL_SLOTS ? v->processes[l->owner].pid : ~0ul};
    return 0;
}

/* flock asks for no particular access. */
static bool may_lock(const struct request *r, const struct file *f, uint32_t type)
{
    if (REQ(fs, lock, r)->cmd_type & FS_LOCK_WHOLE)
        return true;
    return (type != LOCK_READ || f->flags & FS_READ) && (type != LOCK_WRITE || f->flags & FS_WRITE);
}

int call_lock(struct vfs *v, struct request *r)
{
    const struct fs_lock_req *q = REQ(fs, lock, r);
    struct file *f = fd_file(v, caller(v, r), q->fd);
    struct lock_range want;
    if (!f)
        return ERR_BADF;
    if (!f->node || f->kind == FILE_PIPE)
        return ERR_INVAL;
    int status = to_range(v, r, f, &want);
    if (status)
        return status;
    struct lock **list = list_of(r, f->node);
    if (lock_cmd(r) == LOCK_GET)
        return get(v, r, f->node, &want);
    if (!may_lock(r, f, want.type))
        return ERR_BADF;
    if (lock_conflict(*list, &want))
        return lock_cmd(r) == LOCK_TRY ? ERR_AGAIN : must_wait(v, r, f->node, &want);
    status = lock_set(&v->locks, list, &want);
    if (status == 0)
        request_wake(v, WAIT_LOCK, node_id(v, f->node)); /* a smaller or weaker lock lets others in */
    return status;
}
