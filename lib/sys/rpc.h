/* Client side of the protocols between programs and servers (include/proto): one call, words as the
 * .def file says, bytes behind them.
 *
 *     struct fs_open_req req = {.dir = FS_CWD, .flags = FS_READ, .len = n};
 *     struct fs_open_rep rep;
 *     struct rpc_bytes bytes = {.out = path, .out_bytes = n};
 *     int rc = RPC(fs, open, PROG_FS, &req, &rep, &bytes);
 *
 * Without bytes and with at most four words each way RPC() is inlined to the trap alone and the
 * message page is not touched. The message page is the object `sys_msgpage`, whose address the link
 * fixes: --defsym=sys_msgpage=0x3ffff000 for programs (MSGPAGE_VA), SERVER_MSGPAGE_VA for servers;
 * in host tests lib/sys/host/trap.c defines it.
 */
#ifndef LIB_SYS_RPC_H
#define LIB_SYS_RPC_H

#include <stddef.h>
#include <string.h>
#include <lib/sys/syscall.h>
#include <proto/proto.h>

extern struct msgpage sys_msgpage;

/* 1 while a call uses the payload of the message page. An upcall that calls servers itself must save
 * and restore the payload if this is set when it starts (signal delivery in libc). */
extern volatile uint32_t rpc_payload_busy;

struct rpc_bytes {
    const void *out;
    uint32_t out_bytes;
    void *in;
    uint32_t in_max;
    uint32_t in_bytes;   /* out: bytes that came, rounded up to words, at most in_max and *len */
    const uint64_t *len; /* NULL, or the word of the reply that tells their number */
    int (*call)(slot_t ep, struct message *m); /* NULL, or what to use instead of sys_call() */
};

/* Most bytes that fit behind `words` words. */
#define RPC_BYTES_MAX(words) (MSG_BYTES - ((words) > 4 ? ((words)-4) * 8 : 0))

/* Call operation `op` of the server behind `ep`.
 * => 0, the server's error, or the kernel's (ERR_DEAD, ERR_INTR, ERR_SLOT); ERR_OVERFLOW if the bytes
 *    do not fit, nothing was sent then; ERR_BADMSG if the server's reply is too short; ERR_FAULT if
 *    `out` is bad (nothing was sent) or `in` is (the call has had its effect).
 * => *rep is zero on failure; reply words that the server sent beyond rep_words are dropped. */
int rpc_call(slot_t ep, uint32_t op, const void *req, unsigned req_words, void *rep,
             unsigned rep_words, struct rpc_bytes *bytes);

/* The same for at most four words each way and no bytes. */
SYS_INLINE int rpc_call_short(slot_t ep, uint32_t op, const uint64_t *req, unsigned req_words,
                              uint64_t *rep, unsigned rep_words)
{
    struct message m = {.tag = TAG(op, 0)};
    int rc;

    for (unsigned i = 0; i < req_words; i++)
        m.word[i] = req[i];
    rc = sys_call(ep, &m);
    if (rc == 0)
        rc = -(int)TAG_LABEL(m.tag);
    for (unsigned i = 0; i < rep_words; i++)
        rep[i] = __builtin_expect(rc == 0, 1) ? m.word[i] : 0;
    return rc;
}

SYS_INLINE int rpc_choose(slot_t ep, uint32_t op, const void *req, unsigned req_words, void *rep,
                          unsigned rep_words, struct rpc_bytes *bytes)
{
    if (__builtin_constant_p(bytes == NULL) && bytes == NULL && req_words <= 4 && rep_words <= 4)
        return rpc_call_short(ep, op, req, req_words, rep, rep_words);
    return rpc_call(ep, op, req, req_words, rep, rep_words, bytes);
}

/* Typed: RPC(protocol, operation, endpoint, &request, &reply, &bytes or NULL). Request and reply of
 * operations without fields may be NULL. */
#define RPC(proto, name, ep, req, rep, bytes)                                                      \
    ({                                                                                             \
        const struct proto##_##name##_req *rpc_req_ = (req);                                       \
        struct proto##_##name##_rep *rpc_rep_ = (rep);                                             \
        rpc_choose(ep, RPC_OP(proto, name), rpc_req_, sizeof *rpc_req_ / 8, rpc_rep_,              \
                   sizeof *rpc_rep_ / 8, bytes);                                                   \
    })
#define RPC_OP(proto, name) proto##_OP_##name

#endif
