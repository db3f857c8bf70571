/* A whole server on the host: client stubs, a kernel made of one thread, the loop, the dispatchers.
 * The fake kernel hands the loop one event after the other and looks at what it answers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <lib/server/loop.h>
#include <proto/fs.h>
#include <proto/swap.h>
#include "random.h"
#define PROTO_NAME fs
#define PROTO_FILE <proto/fs.def>
#include <lib/server/dispatch.h>
#define PROTO_NAME swap
#define PROTO_FILE <proto/swap.def>
#include <lib/server/ring_dispatch.h>

/* --- the service: records what its handlers are given -------------------------------------------- */

struct fs_service {
    struct call *call;
    char bytes[MSG_BYTES];
    uint32_t nbytes;
    int result;
    slot_t parked;
    unsigned nhandled;
};

static struct fs_service fs;

/* Every operation records its bytes and returns fs.result; reply words are all ones. */
#define F(type, name)
#define MSG(name, req_, rep_)                                                                      \
    int fs_on_##name(struct fs_service *self, struct call *call, const struct fs_##name##_req *in, \
                     struct fs_##name##_rep *out)                                                  \
    {                                                                                              \
        (void)in;                                                                                  \
        memset(out, 0xff, sizeof *out);                                                            \
        self->nhandled++;                                                                          \
        self->nbytes = call->nbytes;                                                               \
        memcpy(self->bytes, call->bytes, call->nbytes);                                            \
        self->parked = call->reply;                                                                \
        if (self->result == 0 && fs_OP_##name == fs_OP_getcwd) {                                   \
            memcpy(call->out, "/home", 5);                                                         \
            call->out_bytes = 5;                                                                   \
        }                                                                                          \
        return self->result;                                                                       \
    }
#include <proto/fs.def>
#undef MSG
#undef F

/* --- dispatchers without a loop ------------------------------------------------------------------ */

static uint64_t payload[MSG_WORDS];

static struct call make_call(uint64_t tag, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
    return (struct call){.tag = tag, .word = {w0, w1, w2, w3}, .payload = payload};
}

static int setup_service(void **state)
{
    (void)state;
    memset(&fs, 0, sizeof fs);
    memset(payload, 0xaa, sizeof payload);
    return 0;
}

static void unknown_operation_is_refused(void **state)
{
    static const unsigned ops[] = {0, fs_OP_COUNT, 0xffff};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct call c = make_call(TAG(ops[i], 0), 1, 2, 3, 4);

        assert_int_equal(fs_dispatch(&fs, &c), ERR_BADMSG);
        assert_int_equal(c.tag, TAG(-ERR_BADMSG, 0));
    }
    assert_int_equal(fs.nhandled, 0);
}

static void bytes_are_limited_to_what_came(void **state)
{
    struct call c = make_call(TAG(fs_OP_open, 2), FS_CWD, 0, 0, 13);

    (void)state;
    memcpy(payload, "/etc/services", 13);
    assert_int_equal(fs_dispatch(&fs, &c), 0);
    assert_int_equal(fs.nbytes, 13);
    assert_memory_equal(fs.bytes, "/etc/services", 13);
    c = make_call(TAG(fs_OP_open, 2), FS_CWD, 0, 0, 17);
    assert_int_equal(fs_dispatch(&fs, &c), ERR_BADMSG);
    c = make_call(TAG(fs_OP_open, 2), FS_CWD, 0, 0, ~0UL);
    assert_int_equal(fs_dispatch(&fs, &c), ERR_BADMSG);
    c = make_call(TAG(fs_OP_open, MSG_WORDS + 1), FS_CWD, 0, 0, 1);
    assert_int_equal(fs_dispatch(&fs, &c), ERR_BADMSG);
    assert_int_equal(fs.nhandled, 1);
}

static void reply_bytes_are_padded_with_zeros(void **state)
{
    struct call c = make_call(TAG(fs_OP_getcwd, 0), 0, 0, 0, 0);

    (void)state;
    assert_int_equal(fs_dispatch(&fs, &c), 0);
    assert_int_equal(c.tag, TAG(0, 1));
    assert_memory_equal(payload, "/home\0\0\0", 8);
    assert_int_equal(payload[1], 0xaaaaaaaaaaaaaaaaUL);
}

static void error_carries_no_words(void **state)
{
    struct call c = make_call(TAG(fs_OP_close, 0), 3, 0, 0, 0);

    (void)state;
    fs.result = ERR_BADF;
    assert_int_equal(fs_dispatch(&fs, &c), ERR_BADF);
    assert_int_equal(c.tag, TAG(-ERR_BADF, 0));
}

static void random_messages_never_lead_outside(void **state)
{
    uint64_t *exact = malloc(sizeof payload);
    unsigned good = 0;

    (void)state;
    random_start();
    for (unsigned round = 0; round < 100000; round++) {
        struct call c = make_call(TAG(random_below(fs_OP_COUNT + 2), random_below(MSG_WORDS + 9)),
                                  random_below(9), random_below(4000), random_below(4000),
                                  random_below(2) ? random_below(4000) : ~0UL);

        c.payload = exact;
        fs.result = random_below(2) ? 0 : ERR_IO;
        good += fs_dispatch(&fs, &c) == 0;
        assert_true(TAG_WORDS(c.tag) <= MSG_WORDS);
    }
    assert_true(good > 1000);
    free(exact);
}

/* --- a server on the fake kernel ------------------------------------------------------------------ */

static struct server server;
static struct server_boot boot = {.epoch = 1, .replies = 4};
static struct {
    struct message next;   /* what the next receive yields */
    int64_t next_result;
    struct message answer; /* what the last reply_recv carried */
    bool has_answer;
    slot_t answered, called, signalled;
    struct message call;
} kernel;

static int64_t fake_trap(uint64_t number, uint64_t slots, struct message *m)
{
    if (number == SYS_SIGNAL) {
        kernel.signalled = (slot_t)slots;
        return 0;
    }
    if (number == SYS_CALL) {
        kernel.called = (slot_t)slots;
        kernel.call = *m;
        return 0;
    }
    kernel.has_answer = number == SYS_REPLY_RECV;
    kernel.answered = (slot_t)(slots >> 32);
    kernel.answer = *m;
    *m = kernel.next;
    return kernel.next_result;
}

static struct ring_page page[2];
static struct peer_pending table[4];
static uint64_t notified;

static int on_call(void *self, struct call *c)
{
    return fs_dispatch(self, c);
}

static int on_fault(void *self, slot_t reply, struct message *m)
{
    (void)self;
    if (m->word[0] == 0)
        return PARKED;
    *m = (struct message){.tag = 1UL << TAG_ITEMS_SHIFT, .word = {reply}};
    return 0;
}

static int on_item_failed(void *self, slot_t reply, int error, unsigned index, struct message *m)
{
    (void)self;
    *m = (struct message){.tag = (uint64_t)ANSWER_KEEP_STOPPED << TAG_ANSWER_SHIFT,
                          .word = {reply, (uint64_t)error, index}};
    return 0;
}

static void on_notified(void *self, uint64_t bits)
{
    (void)self;
    notified = bits;
}

static void swap_done(void *self, uint64_t arg, int status, const uint64_t *rep);

struct swap_service {
    uint64_t head;
};
static struct swap_service swap;

int swap_on_out(struct swap_service *self, struct peer *from, uint64_t head,
                const struct swap_out_req *req, struct swap_out_rep *rep)
{
    (void)from;
    self->head = head;
    rep->slot = req->frame + 1;
    return req->key ? 0 : PARKED;
}

int swap_on_in(struct swap_service *self, struct peer *from, uint64_t head,
               const struct swap_in_req *req, struct swap_in_rep *rep)
{
    (void)self;
    (void)from;
    (void)head;
    (void)req;
    (void)rep;
    return ERR_CORRUPT;
}

int swap_on_free(struct swap_service *self, struct peer *from, uint64_t head,
                 const struct swap_free_req *req, struct swap_free_rep *rep)
{
    (void)self;
    (void)from;
    (void)head;
    (void)req;
    (void)rep;
    return 0;
}

int swap_on_info(struct swap_service *self, struct peer *from, uint64_t head,
                 const struct swap_info_req *req, struct swap_info_rep *rep)
{
    (void)self;
    (void)from;
    (void)head;
    (void)req;
    *rep = (struct swap_info_rep){100, 50};
    return 0;
}

static void on_request(void *self, enum server_id from, const struct ring_entry *e)
{
    (void)self;
    swap_ring_dispatch(&swap, &server.peer[from], e);
}

static const struct server_ops ops = {.call = on_call,
                                      .fault = on_fault,
                                      .item_failed = on_item_failed,
                                      .request = on_request,
                                      .notified = on_notified};

/* As server_init() and server_add_peer(), with the rings where the host has them. */
static int setup_server(void **state)
{
    struct ring ring;

    setup_service(state);
    memset(&kernel, 0, sizeof kernel);
    memset(page, 0, sizeof page);
    memset(&server, 0, sizeof server);
    sys_host_trap = fake_trap;
    server.boot = &boot;
    server.reply = SLOT_REPLY;
    for (unsigned i = 3; i > 0; i--)
        server.free[server.nfree++] = (uint16_t)(SLOT_REPLY + i);
    ring_attach(&ring, &page[0], &page[1], 1);
    peer_attach(&server.peer[SRV_PAGER], &ring, table, 4);
    server.peer[SRV_PAGER].any_due = &server.any_due;
    server.peers = 1u << SRV_PAGER;
    return 0;
}

static struct message loop_message;

static void step(struct message next)
{
    kernel.next = next;
    server_step(&server, &ops, &fs, &loop_message);
}

static const struct message nothing = {.tag = TAG_NOTIFIED, .word = {NOTIFY_TIMER}};

static struct message close_call(void)
{
    return (struct message){.tag = TAG(fs_OP_close, 0), .word = {3}, .badge = 7};
}

static void answer_leaves_with_the_next_receive(void **state)
{
    (void)state;
    step(close_call());
    assert_false(kernel.has_answer);
    fs.result = ERR_BADF;
    step(close_call());
    assert_true(kernel.has_answer);
    assert_int_equal(kernel.answer.tag, TAG(0, 0));
    step(nothing);
    assert_int_equal(kernel.answer.tag, TAG(-ERR_BADF, 0));
    step(nothing);
    assert_false(kernel.has_answer);
    assert_int_equal(notified, NOTIFY_TIMER);
}

static void parked_call_keeps_its_reply_object(void **state)
{
    struct fs_open_rep rep = {5, FS_KIND_PIPE};

    (void)state;
    fs.result = PARKED;
    step(close_call());
    assert_int_equal(fs.parked, SLOT_REPLY);
    fs.result = 0;
    step(close_call());
    assert_false(kernel.has_answer);
    assert_int_equal(fs.parked, SLOT_REPLY + 1);
    server_answer(&server, SLOT_REPLY, (struct answer){0, &rep, 2, "xyz", 3});
    assert_int_equal(kernel.called, SLOT_REPLY);
    assert_int_equal(kernel.call.tag, TAG(0, 1));
    assert_int_equal(kernel.call.word[1], FS_KIND_PIPE);
    assert_memory_equal(sys_msgpage.payload, "xyz\0\0\0\0", 8);
    fs.result = PARKED;
    step(close_call());
    assert_int_equal(kernel.answered, SLOT_REPLY + 1);
    step(nothing);
    assert_int_equal(kernel.answered, SLOT_REPLY); /* the one that came back last */
}

static void fault_is_answered_with_items_or_parked(void **state)
{
    struct message fault = {.tag = TAG_KERNEL | FAULT_PAGE, .word = {0x1000}};
    unsigned failed;

    (void)state;
    step(fault);
    step(nothing);
    assert_int_equal(kernel.answer.tag, 1UL << TAG_ITEMS_SHIFT);
    fault.word[0] = 0;
    step(fault);
    step(nothing);
    assert_false(kernel.has_answer);
    assert_int_equal(server.nfree, 2);
    assert_int_equal(server_answer_fault(&server, SLOT_REPLY, &fault, &failed), 0);
    assert_int_equal(server.nfree, 3);
}

static void refused_item_is_answered_anew(void **state)
{
    struct message fault = {.tag = TAG_KERNEL | FAULT_PAGE, .word = {0x1000}};

    (void)state;
    step(fault);
    kernel.next_result = ERR_EXISTS;
    step((struct message){.word = {0, 0, 0, 2}});
    kernel.next_result = 0;
    step(nothing);
    assert_true(kernel.has_answer);
    assert_int_equal(TAG_ANSWER(kernel.answer.tag), ANSWER_KEEP_STOPPED);
    assert_int_equal(kernel.answer.word[1], (uint64_t)ERR_EXISTS);
    assert_int_equal(kernel.answer.word[2], 2);
}

static void failed_receive_changes_nothing(void **state)
{
    (void)state;
    kernel.next_result = ERR_INTR;
    step(nothing);
    step(nothing);
    assert_int_equal(server.nfree, 3);
    assert_int_equal(fs.nhandled, 0);
}

static void trace_keeps_what_came_once_it_is_on(void **state)
{
    (void)state;
    step(close_call());
    assert_int_equal(server.trace.count, 0);
    server.trace.is_on = true;
    sys_host_time = 99;
    step(close_call());
    step(nothing);
    assert_int_equal(server.trace.count, 2);
    assert_int_equal(server.trace.event[0].kind, EVENT_CALL);
    assert_int_equal(server.trace.event[0].when, 99);
    assert_int_equal(server.trace.event[0].a, 7);
    assert_int_equal(server.trace.event[1].kind, EVENT_NOTIFIED);
    for (unsigned i = 0; i < TRACE_EVENTS; i++)
        step(nothing);
    assert_int_equal(server.trace.count, TRACE_EVENTS + 2);
    assert_int_equal(server.trace.event[0].kind, EVENT_NOTIFIED);
}

/* --- requests over the ring ----------------------------------------------------------------------- */

static struct peer other;
static struct peer_pending other_table[4];
static int done_status;
static uint64_t done_words[2];
static unsigned ndone;

static void swap_done(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    done_status = status;
    done_words[0] = rep[0];
    done_words[1] = rep[1];
    ndone++;
}

static void round_trip(void)
{
    struct ring_entry e;

    step((struct message){.tag = TAG_NOTIFIED, .word = {NOTIFY_PEER(SRV_PAGER)}});
    step(nothing);
    assert_int_equal(peer_take(&other, &e), 0);
}

static void ring_requests_are_dispatched_and_answered(void **state)
{
    struct swap_out_req out = {.frame = 8, .key = 1};
    struct swap_info_req info;
    struct peer_target target = {swap_done, NULL, 0};
    struct swap_out_rep late = {77};
    struct ring ring;

    (void)state;
    ndone = 0;
    ring_attach(&ring, &page[1], &page[0], 1);
    peer_attach(&other, &ring, other_table, 4);
    PEER_POST(&other, swap, out, &out, target);
    round_trip();
    assert_int_equal(kernel.signalled, SLOT_PEER + SRV_PAGER);
    assert_int_equal(done_status, 0);
    assert_int_equal(done_words[0], 9);
    PEER_POST(&other, swap, info, &info, target);
    round_trip();
    assert_int_equal(done_words[1], 50);
    peer_post(&other, swap_OP_in, &out, 2, target);
    round_trip();
    assert_int_equal(done_status, ERR_CORRUPT);
    peer_post(&other, swap_OP_COUNT, &out, 2, target);
    round_trip();
    assert_int_equal(done_status, ERR_BADMSG);
    out.key = 0;
    PEER_POST(&other, swap, out, &out, target);
    round_trip();
    assert_int_equal(ndone, 4);
    PEER_ANSWER(&server.peer[SRV_PAGER], swap, out, swap.head, 0, &late);
    round_trip();
    assert_int_equal(ndone, 5);
    assert_int_equal(done_words[0], 77);
}

/* --- loopback: the client's stub straight into the dispatcher ------------------------------------- */

static int64_t loopback(uint64_t number, uint64_t slots, struct message *m)
{
    struct call c = {.tag = m->tag, .payload = sys_msgpage.payload,
                     .word = {m->word[0], m->word[1], m->word[2], m->word[3]}};

    (void)slots;
    assert_int_equal(number, SYS_CALL);
    fs_dispatch(&fs, &c);
    m->tag = c.tag;
    memcpy(m->word, c.word, sizeof m->word);
    return 0;
}

static void stub_and_dispatcher_agree(void **state)
{
    struct fs_getcwd_rep rep;
    struct fs_lock_req lock = {0};
    struct fs_lock_rep lock_rep;
    char path[FS_PATH_MAX];
    struct rpc_bytes bytes = {.in = path, .in_max = sizeof path};

    (void)state;
    sys_host_trap = loopback;
    assert_int_equal(RPC(fs, getcwd, PROG_FS, NULL, &rep, &bytes), 0);
    assert_int_equal(bytes.in_bytes, 8);
    assert_memory_equal(path, "/home", 5);
    assert_int_equal(RPC(fs, lock, PROG_FS, &lock, &lock_rep, NULL), 0);
    assert_int_equal(lock_rep.pid, ~0UL);
    fs.result = ERR_AGAIN;
    assert_int_equal(RPC(fs, lock, PROG_FS, &lock, &lock_rep, NULL), ERR_AGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(unknown_operation_is_refused, setup_service),
        cmocka_unit_test_setup(bytes_are_limited_to_what_came, setup_service),
        cmocka_unit_test_setup(reply_bytes_are_padded_with_zeros, setup_service),
        cmocka_unit_test_setup(error_carries_no_words, setup_service),
        cmocka_unit_test_setup(random_messages_never_lead_outside, setup_service),
        cmocka_unit_test_setup(answer_leaves_with_the_next_receive, setup_server),
        cmocka_unit_test_setup(parked_call_keeps_its_reply_object, setup_server),
        cmocka_unit_test_setup(fault_is_answered_with_items_or_parked, setup_server),
        cmocka_unit_test_setup(refused_item_is_answered_anew, setup_server),
        cmocka_unit_test_setup(failed_receive_changes_nothing, setup_server),
        cmocka_unit_test_setup(trace_keeps_what_came_once_it_is_on, setup_server),
        cmocka_unit_test_setup(ring_requests_are_dispatched_and_answered, setup_server),
        cmocka_unit_test_setup(stub_and_dispatcher_agree, setup_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
