/* A call of a program to a server, as handlers see it, and how words and bytes are laid out in a
 * message (proto.h). Pure: it works on registers' words and a payload that it was handed. */
#ifndef LIB_SERVER_CALL_H
#define LIB_SERVER_CALL_H

#include <stdint.h>
#include <string.h>
#include <abi/error.h>
#include <abi/message.h>
#include <abi/syscall.h>
#include <proto/proto.h>

/* What a handler returns besides 0 and errors: the answer comes later, through server_answer() (for
 * ring requests: PEER_ANSWER). */
#define PARKED 1

struct call {
    badge_t badge;         /* whose call */
    slot_t reply;          /* holds the caller: to be kept by a handler that parks */
    uint64_t tag;          /* in: the message's; out: the answer's */
    uint64_t word[4];      /* in and out */
    uint64_t *payload;     /* MSG_WORDS words, in and out */
    const uint8_t *bytes;  /* of the request, behind its words; valid until bytes of any answer are */
    uint32_t nbytes;       /*   written: they share the payload. Exactly len_t of them if it has one */
    uint8_t *out;          /* for bytes of the reply */
    uint32_t out_max;
    uint32_t out_bytes;    /* set by the handler, at most out_max */
};

static inline unsigned call_more_words(unsigned words)
{
    return words > MSG_REG_WORDS ? words - MSG_REG_WORDS : 0;
}

/* Copy the request's words to *req, and set up bytes and out.
 * => 0, or ERR_BADMSG: the message has fewer words. */
static inline int call_begin(struct call *call, void *req, unsigned req_words, unsigned rep_words)
{
    unsigned more = call_more_words(req_words), rep_more = call_more_words(rep_words);
    unsigned got = TAG_WORDS(call->tag);

    if (got < more || got > MSG_WORDS)
        return ERR_BADMSG;
    memcpy(req, call->word, (req_words - more) * 8);
    memcpy((uint64_t *)req + MSG_REG_WORDS, call->payload, more * 8);
    call->bytes = (const uint8_t *)(call->payload + more);
    call->nbytes = (got - more) * 8;
    call->out = (uint8_t *)(call->payload + rep_more);
    call->out_max = (MSG_WORDS - rep_more) * 8;
    call->out_bytes = 0;
    return 0;
}

/* Lay the answer out: *rep and call->out_bytes bytes if status is 0. The last word is padded with
 * zeros, so that nothing of other messages leaks. */
static inline void call_end(struct call *call, int status, const void *rep, unsigned rep_words)
{
    unsigned more = call_more_words(rep_words);
    unsigned tail = call->out_bytes & 7;

    if (status < 0) {
        call->tag = TAG(-status, 0);
        return;
    }
    memcpy(call->word, rep, (rep_words - more) * 8);
    memcpy(call->payload, (const uint64_t *)rep + MSG_REG_WORDS, more * 8);
    if (tail)
        memset(call->out + call->out_bytes, 0, 8 - tail);
    call->tag = TAG(0, more + (call->out_bytes + 7) / 8);
}

/* For handlers whose length is not a plain len_t field: the first `len` bytes are meant.
 * => 0, or ERR_BADMSG: fewer came. */
static inline int call_bytes(struct call *call, uint64_t len)
{
    if (len > call->nbytes)
        return ERR_BADMSG;
    call->nbytes = (uint32_t)len;
    return 0;
}

#endif
