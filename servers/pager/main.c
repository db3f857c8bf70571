/* The pager: receive, serve, reply. A fault or call is answered by the same system call that waits for
 * the next one; when work is due (work.h) the answer goes out alone, and the pager looks for messages
 * without waiting between two steps of work. */
#include "target.h"
#include "aspace.h"
#include "straight.h"
#include "work.h"
#include <lib/sys/invoke.h>

#define COLD __attribute__((noinline)) /* keeps the registers of the straight path free */

static struct pager_service service;
static struct batch_room fault_room; /* items of the answer to the fault at hand */
static uint64_t armed;               /* deadline in the timer, 0: off */
static bool timer_is_stale = true;   /* something happened that may have moved the deadline */
static slot_t upcall_reply;          /* the last answer by upcall went through this reply object */

static inline int answer_with_item(const struct item *item, struct message *m)
{
    m->tag = 1ul << TAG_ITEMS_SHIFT;
    m->word[0] = item->w0;
    m->word[1] = item->w1;
    m->word[2] = item->w2;
    return 0;
}

static int answer_with_items(struct batch *b, struct message *m)
{
    if (b->n == 1)
        return answer_with_item(b->item, m);
    m->tag = (uint64_t)b->n << TAG_ITEMS_SHIFT;
    memcpy(sys_msgpage.items, b->item, b->n * sizeof *b->item);
    return 0;
}

static int answer_plain(struct message *m, enum fault_answer answer)
{
    m->tag = (uint64_t)answer << TAG_ANSWER_SHIFT;
    return 0;
}

/* A fault that the straight path leaves alone. */
static COLD int general_fault(struct pager *pg, struct aspace *as, slot_t reply, struct message *m)
{
    as->fault = (struct fault){m->word[0], m->word[1], m->word[2], m->word[3], TAG_LABEL(m->tag)};
    struct batch *b = batch_init(&fault_room, 0);
    switch (fault_serve(pg, as, b, m->word)) {
    case FAULT_RETRY:
        return answer_with_items(b, m);
    case FAULT_PARKED:
        as->reply = reply;
        as->pending = PENDING_FAULT;
        return PARKED;
    case FAULT_UPCALL:
        upcall_reply = reply;
        return answer_plain(m, ANSWER_UPCALL);
    case FAULT_RESUME:
        return answer_plain(m, ANSWER_RESUME);
    case FAULT_STOP:
        break;
    }
    return answer_plain(m, ANSWER_KEEP_STOPPED);
}

STRAIGHT int on_fault(void *self, slot_t reply, struct message *m)
{
    struct item item;
    struct pager *pg = &service.pager;
    struct aspace *as = aspace_find(pg, m->badge);
    if (__builtin_expect(as == NULL, 0))
        return answer_plain(m, ANSWER_KEEP_STOPPED);
    if (__builtin_expect(as->pending != PENDING_NONE, 0))
        aspace_cancel(pg, as);
    if (__builtin_expect(TAG_LABEL(m->tag) == FAULT_PAGE && fault_straight(pg, as, m->word, &item), 1))
        return answer_with_item(&item, m);
    return general_fault(pg, as, reply, m);
}

/* The kernel refused an answer. An upcall that cannot be delivered ends the process; an item that was
 * refused is our own bug: the thread faults again. */
static COLD int on_item_failed(void *self, slot_t reply, int error, unsigned index, struct message *m)
{
    if (error == ERR_BUSY && reply == upcall_reply) {
        upcall_reply = 0;
        if (service.pager.last_fault != NULL)
            fault_die(&service.pager, service.pager.last_fault);
        return answer_plain(m, ANSWER_KEEP_STOPPED);
    }
    if (error != ERR_GONE && service.pager.item_errors++ < 16)
        kern_log("item %u of an answer failed: %d (%#lx %#lx %#lx)", index, error,
                 (unsigned long)m->word[0], (unsigned long)m->word[1], (unsigned long)m->word[2]);
    return answer_plain(m, ANSWER_RETRY);
}

static COLD int on_call(void *self, struct call *call)
{
    timer_is_stale = true;
    return service_call(&service, call);
}

static COLD void on_request(void *self, enum server_id from, const struct ring_entry *e)
{
    int status = service_request(&service, from, e);
    timer_is_stale = true;
    if (status != PARKED)
        kern_complete(from, e->head, status);
}

static COLD void on_notified(void *self, uint64_t bits)
{
    timer_is_stale = true;
    if (!(bits & NOTIFY_TIMER))
        return;
    armed = 0;
    work_timer(&service.pager);
}

static COLD int on_quiesce(void *self, uint64_t head)
{
    return service_quiesce(&service, head);
}

static COLD void arm_timer(struct pager *pg)
{
    uint64_t deadline = work_deadline(pg);
    timer_is_stale = false;
    if (deadline == armed)
        return;
    armed = deadline;
    timer_set(SLOT_TIMER, deadline);
}

static const struct server_ops ops = {
    .call = on_call,
    .fault = on_fault,
    .item_failed = on_item_failed,
    .request = on_request,
    .notified = on_notified,
    .quiesce = on_quiesce,
};

/* Send the pending answer, if any, without waiting. */
static void answer_now(struct message *m)
{
    while (server.is_answering) {
        int status = sys_call(server.reply, m);
        if (status == 0 || status == ERR_GONE)
            server.is_answering = false;
        else
            server_refused(&server, &ops, &service, status, m);
    }
}

/* One message if there is one, else one step of work. */
static COLD void work_or_message(struct message *m)
{
    answer_now(m);
    int status = sys_nbrecv(server.reply, SLOT_ENDPOINT, m);
    if (status == 0)
        server_message(&server, &ops, &service, m);
    work_step(&service.pager);
    timer_is_stale = true;
}

static COLD void start(const struct server_boot *boot)
{
    server_ready(&server, target_start(&service, boot));
}

int main(const struct server_boot *boot)
{
    struct message m = {0};
    struct pager *pg = &service.pager;
    start(boot);
    for (;;) {
        if (work_is_due(pg)) {
            server_flush(&server);
            work_or_message(&m);
        } else {
            if (__builtin_expect(timer_is_stale, 0))
                arm_timer(pg);
            server_step(&server, &ops, &service, &m);
        }
    }
}
