/* Messages, answers, reply objects, notifications: kernel/ipc.c, fastpath.c, object/{endpoint,reply,
 * notification}.c. */
#include "tests/host/kernel/kit.h"

#include <string.h>

/* Server below the root, waiting on `ep` with `reply`. */
static slot_t ep, reply, server;

static void start_server(uint32_t priority)
{
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    server = make_thread(0, priority);
    assert_int_equal(invoke_slot(server, TCB_RESUME, 0, 0, 0, 0), 0);
}

static void words_and_badge_arrive(void **state)
{
    start_server(13);
    assert_ptr_equal(running(), tcb_at(server));
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    assert_ptr_equal(running(), root);
    slot_t client = mint(ep, RIGHT_WRITE, 99);
    sys(SYS_CALL, client, TAG(5, 0), 1, 2, 3, 4);
    assert_ptr_equal(running(), tcb_at(server));
    struct result r = now_running();
    assert_int_equal(r.a0, 0);
    assert_int_equal(r.tag, 5);
    assert_int_equal(r.w[3], 4);
    assert_int_equal(r.badge, 99);
    check_kernel();
    sys(SYS_REPLY_RECV, SLOTS(reply, ep), 7, 11, 12, 13, 14);
    assert_ptr_equal(running(), root);
    r = now_running();
    assert_int_equal(r.tag, 7);
    assert_int_equal(r.w[0], 11);
    assert_int_equal(r.badge, 0);
    check_kernel();
}

static void the_general_path_agrees(void **state)
{
    start_server(13);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    slot_t client = mint(ep, RIGHT_WRITE | RIGHT_GRANT, 98);
    tcb_at(server)->msg = NULL;
    sys(SYS_CALL, client, TAG(5, 3), 1, 2, 3, 4);
    struct result r = now_running();
    assert_int_equal(r.tag, 5);
    assert_int_equal(r.badge, 98);
    assert_int_equal(r.w[1], 2);
    sys(SYS_CALL, reply, 9, 21, 22, 23, 24);
    assert_ptr_equal(running(), tcb_at(server));
    assert_int_equal(root->state, TCB_READY);
    assert_int_equal(root->regs[REG_A2], 21);
    check_kernel();
}

static void bad_messages_are_refused(void **state)
{
    ep = make(OBJ_ENDPOINT, 0);
    slot_t reader = mint(ep, RIGHT_READ, 1), writer = mint(ep, RIGHT_WRITE, 1);
    assert_int_equal(sys(SYS_CALL, reader, 0, 0, 0, 0, 0).a0, ERR_RIGHTS);
    assert_int_equal(sys(SYS_CALL, writer, TAG(0, MSG_WORDS + 1), 0, 0, 0, 0).a0, ERR_BADMSG);
    assert_int_equal(sys(SYS_CALL, writer, 1UL << TAG_ITEMS_SHIFT, 0, 0, 0, 0).a0, ERR_BADMSG);
    assert_int_equal(sys(SYS_CALL, writer, TAG_CAP, 0, 0, 0, 0).a0, ERR_RIGHTS);
    assert_int_equal(sys(SYS_RECV, SLOTS(0, reader), 0, 0, 0, 0, 0).a0, ERR_SLOT);
    assert_int_equal(sys(SYS_RECV, SLOTS(ep, reader), 0, 0, 0, 0, 0).a0, ERR_TYPE);
    assert_int_equal(sys(SYS_SIGNAL, ep, 0, 0, 0, 0, 0).a0, ERR_TYPE);
    assert_int_equal(sys(SYS_COUNT, 0, 0, 0, 0, 0, 0).a0, ERR_BADMSG);
    assert_int_equal(sys(SYS_RESUME, 0, 0, 0, 0, 0, 0).a0, 0);
    check_kernel();
}

static void payload_and_capability_travel(void **state)
{
    slot_t gift = make(OBJ_NOTIFICATION, 0), got = new_slot();
    kit_ram_make();
    start_server(13);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    uint64_t frame = new_frame();
    assert_int_equal(invoke_slot(server, TCB_SET_MESSAGE, kit_ram, frame, 0, 0), 0);
    assert_int_equal(word_of(frame), FRAME_MESSAGE);
    tcb_at(server)->msg->recv_slot = got;
    root->msg->payload[1] = 4711;
    root->msg->send_slot = gift;
    sys(SYS_CALL, ep, TAG(1, 2) | TAG_CAP, 0, 0, 0, 0);
    assert_int_equal(now_running().tag, TAG(1, 2) | TAG_CAP);
    assert_int_equal(tcb_at(server)->msg->payload[1], 4711);
    assert_ptr_equal(cap_at(got)->pointer, cap_at(gift)->pointer);
    assert_ptr_equal(cap_at(got)->parent, cap_at(gift));
    sys(SYS_REPLY_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    sys(SYS_CALL, ep, TAG_CAP, 0, 0, 0, 0);
    assert_int_equal(now_running().tag, TAG_CAP_LOST);
    check_kernel();
}

static void a_stopped_caller_is_gone(void **state)
{
    slot_t caller = make_thread(0, 13);
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    invoke_slot(caller, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, ep, 3, 0, 0, 0, 0);
    assert_int_equal(tcb_at(caller)->state, TCB_SENDING);
    assert_int_equal(sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0).tag, 3);
    assert_int_equal(invoke_slot(caller, TCB_STOP, (uint64_t)ERR_INTR, 0, 0, 0), 0);
    assert_int_equal(tcb_at(caller)->regs[REG_A0], ERR_INTR);
    assert_int_equal(sys(SYS_CALL, reply, 0, 0, 0, 0, 0).a0, ERR_GONE);
    check_kernel();
}

static void receiving_twice_with_one_reply_is_busy(void **state)
{
    slot_t caller = make_thread(0, 13);
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    invoke_slot(caller, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, ep, 3, 0, 0, 0, 0);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    assert_int_equal(sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0).a0, ERR_BUSY);
    assert_int_equal(sys(SYS_NBRECV, SLOTS(reply, ep), 0, 0, 0, 0, 0).a0, ERR_BUSY);
}

static void deleting_a_reply_ends_the_call(void **state)
{
    slot_t caller = make_thread(0, 13);
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    invoke_slot(caller, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, ep, 3, 0, 0, 0, 0);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    invoke_slot(ROOT_CSPACE, CSPACE_DELETE, reply, 1, 0, 0);
    assert_ptr_equal(running(), tcb_at(caller));
    assert_int_equal(now_running().a0, ERR_DEAD);
    check_kernel();
}

static void deleting_an_endpoint_ends_its_waiters(void **state)
{
    slot_t caller = make_thread(0, 13);
    ep = make(OBJ_ENDPOINT, 0);
    invoke_slot(caller, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, ep, 3, 0, 0, 0, 0);
    invoke_slot(ROOT_CSPACE, CSPACE_DELETE, ep, 1, 0, 0);
    assert_int_equal(now_running().a0, ERR_DEAD);
    check_kernel();
}

static void senders_come_by_priority(void **state)
{
    slot_t low = make_thread(0, 13), high = make_thread(0, 14);
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    invoke_slot(low, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, ep, 13, 0, 0, 0, 0);
    invoke_slot(high, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, ep, 14, 0, 0, 0, 0);
    assert_int_equal(sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0).tag, 14);
    check_kernel();
}

static void an_answer_takes_the_next_sender(void **state)
{
    slot_t a = make_thread(0, 13), b = make_thread(0, 13);
    ep = make(OBJ_ENDPOINT, 0);
    reply = make(OBJ_REPLY, 0);
    invoke_slot(a, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, mint(ep, RIGHT_ALL, 1), 21, 1, 0, 0, 0);
    invoke_slot(b, TCB_RESUME, 0, 0, 0, 0);
    sys(SYS_CALL, mint(ep, RIGHT_ALL, 2), 22, 2, 0, 0, 0);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    sys(SYS_REPLY_RECV, SLOTS(reply, ep), 0, 31, 0, 0, 0);
    assert_ptr_equal(running(), tcb_at(a));
    assert_int_equal(now_running().w[0], 31);
    check_kernel();
    invoke_slot(a, TCB_STOP, 0, 0, 0, 0);
    assert_ptr_equal(running(), root);
    assert_int_equal(now_running().tag, 22);
    assert_int_equal(now_running().badge, 2);
    assert_int_equal(tcb_at(b)->state, TCB_WAITING);
}

static void a_notification_wakes_and_is_cleared(void **state)
{
    slot_t n = make(OBJ_NOTIFICATION, 0), five = mint(n, RIGHT_WRITE, 5), two = mint(n, RIGHT_ALL, 2);
    assert_int_equal(sys(SYS_NBRECV, n, 0, 0, 0, 0, 0).a0, ERR_AGAIN);
    assert_int_equal(sys(SYS_SIGNAL, five, 0, 0, 0, 0, 0).a0, 0);
    assert_int_equal(sys(SYS_SIGNAL, two, 0, 0, 0, 0, 0).a0, 0);
    struct result r = sys(SYS_RECV, n, 0, 0, 0, 0, 0);
    assert_int_equal(r.tag, TAG_NOTIFIED);
    assert_int_equal(r.w[0], 7);
    assert_int_equal(sys(SYS_NBRECV, n, 0, 0, 0, 0, 0).a0, ERR_AGAIN);
    assert_int_equal(sys(SYS_RECV, five, 0, 0, 0, 0, 0).a0, ERR_RIGHTS);
}

static void a_bound_notification_comes_before_senders(void **state)
{
    slot_t n = make(OBJ_NOTIFICATION, 0), one = mint(n, RIGHT_WRITE, 1);
    start_server(13);
    invoke_slot(server, TCB_BIND, n, 0, 0, 0);
    sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0);
    assert_ptr_equal(running(), root);
    sys(SYS_SIGNAL, one, 0, 0, 0, 0, 0);
    assert_ptr_equal(running(), tcb_at(server));
    assert_int_equal(now_running().tag, TAG_NOTIFIED);
    sys(SYS_SIGNAL, one, 0, 0, 0, 0, 0);
    assert_int_equal(sys(SYS_RECV, SLOTS(reply, ep), 0, 0, 0, 0, 0).tag, TAG_NOTIFIED);
    slot_t other = make_thread(0, 3);
    assert_int_equal(invoke_slot(other, TCB_BIND, n, 0, 0, 0), ERR_BUSY);
    check_kernel();
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, kit_boot)
    const struct CMUnitTest tests[] = {
        T(words_and_badge_arrive), T(the_general_path_agrees), T(bad_messages_are_refused),
        T(payload_and_capability_travel), T(a_stopped_caller_is_gone),
        T(receiving_twice_with_one_reply_is_busy), T(deleting_a_reply_ends_the_call),
        T(deleting_an_endpoint_ends_its_waiters), T(senders_come_by_priority),
        T(an_answer_takes_the_next_sender), T(a_notification_wakes_and_is_cleared),
        T(a_bound_notification_comes_before_senders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
