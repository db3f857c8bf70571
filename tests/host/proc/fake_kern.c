/* See fake_kern.h. */
#include "fake_kern.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <proto/procfs.h>

struct fake fake;

/* The reply object of a process's call, so that answers find their thread. */
#define REPLY_OF(slot) (1000u + (slot))

struct fake_thread *fake_thread(const struct process *p)
{
    return &fake.thread[p - fake.s->process];
}

void fake_start(struct proc_service *s, uint32_t nslots)
{
    memset(&fake, 0, sizeof fake);
    fake.s = s;
    fake.now = 1000;
    memset(s, 0, sizeof *s);
    table_init(s, nslots);
    s->hz = 1000;
}

/* A thread that returns from a call takes a pending upcall first. */
static void back_to_user(struct fake_thread *t)
{
    t->state = THREAD_USER;
    t->in_files = false;
    t->upcall_pending = false;
}

int fake_call(struct process *p, uint32_t op, const uint64_t *words, unsigned nwords)
{
    struct fake_thread *t = fake_thread(p);
    struct call call = {.badge = p->badge, .reply = REPLY_OF(p - fake.s->process),
                        .tag = TAG(op, 0), .payload = fake.payload};
    int rc;

    memcpy(call.word, words, nwords * 8);
    assert(t->state == THREAD_USER);
    t->state = THREAD_CALLING;
    t->answer = 1;
    rc = calls_dispatch(fake.s, &call);
    if (rc != PARKED && t->state == THREAD_CALLING) {
        t->answer = -(int)TAG_LABEL(call.tag);
        memcpy(t->word, call.word, sizeof t->word);
        back_to_user(t);
    }
    return rc;
}

void fake_complete(unsigned i, int status)
{
    struct fake_post post = fake.post[i];

    assert(i < fake.nposts);
    memmove(&fake.post[i], &fake.post[i + 1], (--fake.nposts - i) * sizeof post);
    if (post.peer == KERN_FS && post.op == procfs_OP_interrupt)
        for (unsigned slot = 0; slot < POOL_SLOTS; slot++)
            if (fake.s->process[slot].badge == post.req[0] && fake.thread[slot].in_files)
                back_to_user(&fake.thread[slot]);
    if (post.p)
        life_completed(fake.s, post.p, post.peer, status);
}

void fake_settle(void)
{
    while (fake.nposts)
        fake_complete(0, 0);
}

/* --- kern.h ---------------------------------------------------------------------------------- */

int kern_thread_prepare(const struct process *p)
{
    struct fake_thread *t = fake_thread(p);

    assert(!t->prepared);
    if (fake.fail_prepare)
        return fake.fail_prepare;
    *t = (struct fake_thread){.prepared = true};
    return 0;
}

void kern_thread_start(const struct process *p, vaddr_t args)
{
    struct fake_thread *t = fake_thread(p);

    assert(t->prepared && (t->state == THREAD_NONE || t->state == THREAD_STOPPED));
    back_to_user(t);
}

void kern_thread_fork(const struct process *child, const struct process *parent)
{
    assert(fake_thread(child)->prepared);
    assert(fake_thread(parent)->state == THREAD_CALLING);
    back_to_user(fake_thread(child));
}

void kern_thread_stop(const struct process *p)
{
    struct fake_thread *t = fake_thread(p);

    assert(t->prepared);
    if (t->state == THREAD_CALLING)
        t->answer = ERR_INTR;
    t->state = THREAD_STOPPED;
}

void kern_thread_resume(const struct process *p)
{
    assert(fake_thread(p)->state == THREAD_STOPPED);
    back_to_user(fake_thread(p));
}

bool kern_thread_is_running(const struct process *p)
{
    return fake_thread(p)->state == THREAD_USER || fake_thread(p)->state == THREAD_STOPPED;
}

void kern_thread_usage(const struct process *p, ticks_t *ticks, uint64_t *faults)
{
    *ticks = fake.now / 2;
    *faults = 2;
}

void kern_thread_retire(const struct process *p)
{
    assert(fake_thread(p)->prepared && fake_thread(p)->state == THREAD_STOPPED);
    *fake_thread(p) = (struct fake_thread){0};
}

void kern_set_entry(const struct process *p, vaddr_t entry)
{
}

int kern_upcall(const struct process *p, const struct signal_info *info, uint64_t mask)
{
    struct fake_thread *t = fake_thread(p);

    assert(p->entry && t->prepared);
    if (t->upcall_pending)
        return ERR_BUSY;
    t->upcall_pending = t->state == THREAD_CALLING;
    t->upcalls++;
    t->last_signal = info->signal;
    t->last_mask = mask;
    t->last_from = info->from;
    t->last_value = info->value;
    t->last_code = info->code;
    return 0;
}

void kern_answer(slot_t reply, int status, const void *rep, unsigned words)
{
    struct fake_thread *t = &fake.thread[reply - 1000];

    if (t->state != THREAD_CALLING)
        return;
    t->answer = status;
    if (status == 0)
        memcpy(t->word, rep, words * 8);
    back_to_user(t);
}

void kern_post(enum kern_peer peer, uint32_t op, const void *req, unsigned words, struct process *p)
{
    struct fake_post *post = &fake.post[fake.nposts++];

    assert(fake.nposts < FAKE_POSTS && words <= 7);
    *post = (struct fake_post){.peer = peer, .op = op, .p = p};
    memcpy(post->req, req, words * 8);
    if (peer == KERN_FS && op == procfs_OP_say)
        fake.says++;
}

uint64_t kern_idle(void)
{
    return 0;
}

uint64_t kern_now(void)
{
    return fake.now;
}

void kern_log(const char *line)
{
}

void kern_shutdown(uint64_t status)
{
    fake.shutdowns++;
    fake.shutdown_status = status;
}

void kern_quiesced(uint64_t head)
{
    fake.quiesced++;
    fake.quiesced_head = head;
}
