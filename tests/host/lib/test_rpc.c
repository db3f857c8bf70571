/* The client side of protocols, against a kernel that records what was sent and answers as told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <lib/sys/rpc.h>
#include <lib/sys/invoke.h>
#include <proto/fs.h>
#include <proto/pager.h>

static struct {
    uint64_t number, slots;
    struct message sent, answer;
    uint64_t payload[MSG_WORDS];
    int64_t result;
    uint32_t busy;
} kernel;

static int64_t fake_trap(uint64_t number, uint64_t slots, struct message *m)
{
    kernel.number = number;
    kernel.slots = slots;
    kernel.sent = *m;
    kernel.busy = rpc_payload_busy;
    memcpy(kernel.payload, sys_msgpage.payload, sizeof kernel.payload);
    *m = kernel.answer;
    return kernel.result;
}

static int setup(void **state)
{
    (void)state;
    memset(&kernel, 0, sizeof kernel);
    memset(&sys_msgpage, 0xee, sizeof sys_msgpage);
    sys_host_trap = fake_trap;
    return 0;
}

static void short_call_leaves_the_message_page_alone(void **state)
{
    struct pager_read_req req = {3, 0x1000, 77};
    struct pager_read_rep rep;
    struct msgpage before = sys_msgpage;

    (void)state;
    kernel.answer.word[0] = 42;
    assert_int_equal(RPC(pager, read, 9, &req, &rep, NULL), 0);
    assert_int_equal(rep.moved, 42);
    assert_int_equal(kernel.number, SYS_CALL);
    assert_int_equal(kernel.slots, 9);
    assert_int_equal(kernel.sent.tag, TAG(pager_OP_read, 0));
    assert_int_equal(kernel.sent.word[1], 0x1000);
    assert_int_equal(kernel.sent.word[2], 77);
    assert_memory_equal(&before, &sys_msgpage, sizeof before);
}

static void bytes_follow_the_words(void **state)
{
    struct fs_open_req req = {FS_CWD, FS_READ, 0, 5};
    struct fs_open_rep rep;
    struct rpc_bytes bytes = {.out = "hello", .out_bytes = 5};

    (void)state;
    kernel.answer.word[0] = 4;
    kernel.answer.word[1] = FS_KIND_FILE;
    assert_int_equal(RPC(fs, open, 2, &req, &rep, &bytes), 0);
    assert_int_equal(rep.fd, 4);
    assert_int_equal(rep.kind, FS_KIND_FILE);
    assert_int_equal(kernel.sent.tag, TAG(fs_OP_open, 1));
    assert_memory_equal(kernel.payload, "hello", 5);
    assert_int_equal(kernel.busy, 1);
    assert_int_equal(rpc_payload_busy, 0);
}

static void bad_pointers_end_the_call(void **state)
{
    struct fs_read_req req = {.max = 8};
    struct fs_read_rep rep;
    char in[8];
    struct rpc_bytes out = {.out = in, .out_bytes = 5}, bytes = {.in = in, .in_max = sizeof in};

    (void)state;
    sys_host_bad = in;
    assert_int_equal(RPC(fs, read, 2, &req, &rep, &out), ERR_FAULT);
    assert_int_equal(kernel.number, 0);
    kernel.answer = (struct message){.tag = TAG(0, 1), .word = {8}};
    assert_int_equal(RPC(fs, read, 2, &req, &rep, &bytes), ERR_FAULT);
    assert_int_equal(kernel.number, SYS_CALL);
    assert_int_equal(rpc_payload_busy, 0);
    sys_host_bad = NULL;
}

static void a_length_in_the_reply_is_kept_to(void **state)
{
    struct fs_read_req req = {.max = 8};
    struct fs_read_rep rep;
    char in[8] = "........";
    struct rpc_bytes bytes = {.in = in, .in_max = sizeof in, .len = &rep.len};

    (void)state;
    memcpy(sys_msgpage.payload, "abcdefgh", 8);
    kernel.answer = (struct message){.tag = TAG(0, 1), .word = {3}};
    assert_int_equal(RPC(fs, read, 2, &req, &rep, &bytes), 0);
    assert_int_equal(bytes.in_bytes, 3);
    assert_memory_equal(in, "abc.....", 8);
}

static void words_beyond_four_travel_in_the_payload(void **state)
{
    const uint64_t req[6] = {1, 2, 3, 4, 5, 6};
    uint64_t rep[5] = {0};
    char in[16];
    struct rpc_bytes bytes = {.out = "abc", .out_bytes = 3, .in = in, .in_max = sizeof in};

    (void)state;
    kernel.answer = (struct message){.tag = TAG(0, 2), .word = {10, 11, 12, 13}};
    assert_int_equal(rpc_call(1, 7, req, 6, rep, 5, &bytes), 0);
    assert_int_equal(kernel.sent.tag, TAG(7, 3));
    assert_int_equal(kernel.payload[0], 5);
    assert_int_equal(kernel.payload[1], 6);
    assert_memory_equal(&kernel.payload[2], "abc", 3);
    assert_int_equal(rep[3], 13);
    assert_int_equal(rep[4], 5); /* the fake left the payload as it was */
    assert_int_equal(bytes.in_bytes, 8);
    assert_int_equal(*(uint64_t *)(void *)in, 6);
}

static void errors_of_server_and_kernel_come_back(void **state)
{
    struct fs_close_req req = {3};

    (void)state;
    kernel.answer.tag = TAG(-ERR_BADF, 0);
    assert_int_equal(RPC(fs, close, 2, &req, NULL, NULL), ERR_BADF);
    assert_int_equal(rpc_call(2, fs_OP_close, &req, 1, NULL, 0, NULL), ERR_BADF);
    kernel.result = ERR_DEAD;
    assert_int_equal(RPC(fs, close, 2, &req, NULL, NULL), ERR_DEAD);
}

static void oversized_bytes_are_not_sent(void **state)
{
    static char big[MSG_BYTES + 1];
    uint64_t words[6] = {0};
    struct rpc_bytes bytes = {.out = big, .out_bytes = MSG_BYTES + 1};

    (void)state;
    kernel.number = 99;
    assert_int_equal(rpc_call(2, 1, words, 4, NULL, 0, &bytes), ERR_OVERFLOW);
    bytes.out_bytes = MSG_BYTES - 8;
    assert_int_equal(rpc_call(2, 1, words, 6, NULL, 0, &bytes), ERR_OVERFLOW);
    assert_int_equal(kernel.number, 99);
    bytes.out_bytes = MSG_BYTES - 16;
    assert_int_equal(rpc_call(2, 1, words, 6, NULL, 0, &bytes), 0);
}

static void reply_that_is_too_short_is_refused(void **state)
{
    uint64_t rep[6];

    (void)state;
    kernel.answer.tag = TAG(0, 1);
    assert_int_equal(rpc_call(2, 1, NULL, 0, rep, 6, NULL), ERR_BADMSG);
}

static void more_bytes_than_asked_for_are_cut(void **state)
{
    char in[5] = "....";
    struct rpc_bytes bytes = {.in = in, .in_max = 4};

    (void)state;
    kernel.answer.tag = TAG(0, MSG_WORDS);
    assert_int_equal(rpc_call(2, 1, NULL, 0, NULL, 0, &bytes), 0);
    assert_int_equal(bytes.in_bytes, 4);
    assert_int_equal(in[4], 0);
}

static void invocation_packs_its_words(void **state)
{
    (void)state;
    assert_int_equal(untyped_retype(5, OBJ_TCB, 288, 0, 512, 3), 0);
    assert_int_equal(kernel.slots, 5);
    assert_int_equal(kernel.sent.tag, TAG(UNTYPED_RETYPE, 0));
    assert_int_equal(kernel.sent.word[0], OBJ_TCB | 288 << 16);
    assert_int_equal(kernel.sent.word[2], 512);
    assert_int_equal(kernel.sent.word[3], 3);
    cspace_copy(1, 2, 3, RIGHT_READ, 4);
    assert_int_equal(kernel.sent.word[2], RIGHT_READ | 4 << 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(short_call_leaves_the_message_page_alone, setup),
        cmocka_unit_test_setup(bytes_follow_the_words, setup),
        cmocka_unit_test_setup(bad_pointers_end_the_call, setup),
        cmocka_unit_test_setup(a_length_in_the_reply_is_kept_to, setup),
        cmocka_unit_test_setup(words_beyond_four_travel_in_the_payload, setup),
        cmocka_unit_test_setup(errors_of_server_and_kernel_come_back, setup),
        cmocka_unit_test_setup(oversized_bytes_are_not_sent, setup),
        cmocka_unit_test_setup(reply_that_is_too_short_is_refused, setup),
        cmocka_unit_test_setup(more_bytes_than_asked_for_are_cut, setup),
        cmocka_unit_test_setup(invocation_packs_its_words, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
