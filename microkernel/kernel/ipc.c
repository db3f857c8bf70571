/* The general message paths; kernel/fastpath.c has the straight ones. A message moves when both
 * sides are there: words in registers, payload and a capability from message page to message page. */
#include "microkernel/kernel/ipc.h"

#include <abi/error.h>
#include <abi/fault.h>
#include <string.h>
#include "microkernel/kernel/cpu.h"
#include "microkernel/kernel/fault.h"
#include "microkernel/object/cspace.h"

#define TAG_SENT (TAG_LABEL_MASK | TAG_WORDS_MASK)

int ipc_check_message(const struct tcb *t, uint64_t tag, bool may_grant)
{
    if (TAG_WORDS(tag) > MSG_WORDS || TAG_ITEMS(tag) > MSG_ITEMS)
        return ERR_BADMSG;
    if (TAG_ITEMS(tag) && (TAG_WORDS(tag) || (tag & TAG_CAP)))
        return ERR_BADMSG;
    if ((TAG_WORDS(tag) || (tag & TAG_CAP)) && !t->msg)
        return ERR_RANGE;
    return (tag & TAG_CAP) && !may_grant ? ERR_RIGHTS : 0;
}

/* Copy the sender's capability into the receiver's slot. => TAG_CAP or TAG_CAP_LOST. */
static uint64_t transfer_cap(struct tcb *from, struct tcb *to)
{
    struct cap *src, *dst;
    if (!from->msg || !to->msg || !to->msg->recv_slot || to->cspace_cap.type == OBJ_NULL)
        return TAG_CAP_LOST;
    if (cap_find_any(from, from->msg->send_slot, &src) || !cap_is_copyable(src))
        return TAG_CAP_LOST;
    if (cspace_find_free(to->cspace_cap.pointer, to->msg->recv_slot, 1, &dst))
        return TAG_CAP_LOST;
    cap_derive(dst, src, RIGHT_ALL, src->badge);
    return TAG_CAP;
}

/* Payload and capability; returns the tag as the receiver sees it. */
static uint64_t transfer(struct tcb *from, struct tcb *to, uint64_t tag)
{
    uint64_t seen = tag & TAG_SENT;
    uint32_t words = TAG_WORDS(tag);
    if (words && from->msg && to->msg)
        memcpy(to->msg->payload, from->msg->payload, words * sizeof(uint64_t));
    else
        seen &= ~TAG_WORDS_MASK;
    return tag & TAG_CAP ? seen | transfer_cap(from, to) : seen;
}

static void copy_words(const struct tcb *from, struct tcb *to)
{
    memcpy(&to->regs[REG_A2], &from->regs[REG_A2], MSG_REG_WORDS * sizeof(uint64_t));
}

/* The sender's message reaches the server, whose reply object holds the sender from now on. */
static void deliver(struct tcb *sender, struct tcb *server)
{
    struct reply *r = server->reply;
    server->reply = NULL;
    r->state = REPLY_HOLDS;
    r->tcb = sender;
    r->is_fault = sender->is_fault;
    r->may_map = sender->may_map;
    sender->reply = r;
    server->regs[REG_A0] = 0;
    server->regs[REG_A6] = sender->badge;
    if (sender->is_fault) {
        sender->state = TCB_FAULTED;
        fault_message(sender, server);
        return;
    }
    sender->state = TCB_WAITING;
    server->regs[REG_A1] = transfer(sender, server, sender->regs[REG_A1]);
    copy_words(sender, server);
}

/* `t` runs next if nobody ready is more important: on the slice that is running, if it is a server
 * called by the owner of the slice or the owner that gets its answer. */
static void hand_over(struct tcb *t, bool keeps_slice)
{
    if (keeps_slice)
        this_cpu()->handoff = t;
    if (t->attention & ATTENTION_EXPIRED)
        cpu_wake(t);
    else
        cpu_wake_first(t);
    t->attention &= ~ATTENTION_EXPIRED;
}

void ipc_send(struct tcb *t, struct endpoint *ep)
{
    struct tcb *server = ep->receivers.head;
    if (!server) {
        t->state = TCB_SENDING;
        queue_push_by_priority(&ep->senders, t);
        return;
    }
    queue_remove(server);
    deliver(t, server);
    hand_over(server, true);
}

int ipc_call(struct tcb *t, const struct cap *ep)
{
    uint64_t tag = t->regs[REG_A1];
    int r = TAG_ITEMS(tag) ? ERR_BADMSG : ipc_check_message(t, tag, ep->rights & RIGHT_GRANT);
    if (r)
        return r;
    t->is_fault = 0;
    t->may_map = 0;
    t->badge = ep->badge;
    ipc_send(t, ep->pointer);
    return BLOCKED;
}

/* The first sender that still has something to say: a fault may have been resolved meanwhile. */
static struct tcb *take_sender(struct endpoint *ep)
{
    struct tcb *t;
    while ((t = ep->senders.head) != NULL) {
        queue_remove(t);
        if (!t->is_fault || !fault_is_resolved(t))
            return t;
        fault_end(t);
        cpu_wake(t);
    }
    return NULL;
}

static bool take_notification(struct tcb *t, struct notification *n)
{
    if (!n || !n->word)
        return false;
    notification_deliver(n, t);
    return true;
}

int ipc_receive(struct tcb *t, struct reply *r, struct endpoint *ep, bool may_block)
{
    if (take_notification(t, t->notification))
        return 0;
    struct tcb *sender = take_sender(ep);
    if (!sender && !may_block)
        return ERR_AGAIN;
    r->state = REPLY_ARMED;
    r->tcb = t;
    t->reply = r;
    if (sender) {
        deliver(sender, t);
        return 0;
    }
    t->state = TCB_RECEIVING;
    queue_push_by_priority(&ep->receivers, t);
    return BLOCKED;
}

int ipc_wait(struct tcb *t, struct notification *n, bool may_block)
{
    if (take_notification(t, t->notification) || take_notification(t, n))
        return 0;
    if (!may_block)
        return ERR_AGAIN;
    t->state = TCB_RECEIVING;
    queue_push_by_priority(&n->waiters, t);
    return BLOCKED;
}

int ipc_check_answer(const struct tcb *t, const struct reply *r, uint64_t tag)
{
    int e = ipc_check_message(t, tag, true);
    if (e || !r->is_fault)
        return e;
    if (TAG_ANSWER(tag) > ANSWER_KEEP_STOPPED)
        return ERR_BADMSG;
    return TAG_ANSWER(tag) == ANSWER_UPCALL ? tcb_upcall_check(r->tcb) : 0;
}

static void answer_fault(struct tcb *t, struct tcb *caller, uint32_t answer)
{
    fault_end(caller);
    if (answer == ANSWER_KEEP_STOPPED) {
        caller->state = TCB_STOPPED;
        return;
    }
    if (answer == ANSWER_RESUME) {
        caller->regs[REG_PC] = t->regs[REG_A2];
        caller->progress = 0;
    } else if (answer == ANSWER_UPCALL) {
        tcb_upcall_enter(caller, &t->regs[REG_A2]);
    }
    hand_over(caller, caller == this_cpu()->owner);
}

void ipc_answer(struct tcb *t, struct reply *r, uint64_t tag)
{
    struct tcb *caller = r->tcb;
    reply_release(r);
    if (r->is_fault) {
        answer_fault(t, caller, TAG_ANSWER(tag));
        return;
    }
    caller->regs[REG_A0] = 0;
    caller->regs[REG_A1] = transfer(t, caller, tag);
    caller->regs[REG_A6] = 0;
    copy_words(t, caller);
    hand_over(caller, caller == this_cpu()->owner);
}
