/* System calls: numbers, registers, and the message tag.
 *
 *   in:  a7 = number   a0 = slots (SLOTS)   a1 = tag   a2..a5 = words 0..3
 *   out: a0 = 0 or a negative error (<abi/error.h>)   a1 = tag   a2..a5 = words 0..3   a6 = badge
 *
 * ra, sp, gp, tp, s0..s11 and the FP registers are kept; every other register is lost (the kernel
 * leaves zeros there, never its own values). Further words travel in the message page
 * (<abi/message.h>).
 */
#ifndef ABI_SYSCALL_H
#define ABI_SYSCALL_H

#include <abi/types.h>

enum sys {
    /* Endpoint: send, block for the answer; the answer's tag label is 0 or -error from the server.
     * Reply object: answer the caller that it holds, do not block (ERR_GONE if that caller went).
     * Any other object: perform the invocation in the label (<abi/invoke.h>), do not block.
     * Errors: ERR_SLOT; ERR_RIGHTS (the endpoint lacks RIGHT_WRITE, or RIGHT_GRANT for a capability);
     * ERR_BADMSG (tag); ERR_RANGE (payload or capability without a message page); ERR_DEAD (the
     * server ended); what TCB_STOP said, if cancelled (ERR_INTR). */
    SYS_CALL = 0,
    /* Answer the caller that the reply object holds, then receive on the endpoint with the same
     * reply object. a0 = SLOTS(reply, endpoint). Items first (<abi/item.h>); an error of an item
     * means no answer and no receive. Caller gone: the answer is dropped silently, and the receive
     * goes on (a server cannot help that).
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RIGHTS (RIGHT_READ), ERR_BUSY (another thread waits with the
     * reply object, or an upcall is asked for that cannot be), ERR_BADMSG, ERR_RANGE, an item's. */
    SYS_REPLY_RECV = 1,
    /* Receive only; a0 = SLOTS(reply, endpoint or notification). ERR_BUSY if the reply object
     * holds a caller. A bound notification is delivered before queued senders, as a message with
     * TAG_NOTIFIED, word 0 = its bits (which are thereby cleared), badge 0.
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RIGHTS (RIGHT_READ), ERR_DEAD (what it waited for was deleted),
     * what TCB_STOP said. */
    SYS_RECV = 2,
    SYS_NBRECV = 3, /* The same, ERR_AGAIN instead of blocking. */
    /* Notification in a0: OR the capability's badge into its word; never blocks.
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RIGHTS (RIGHT_WRITE). */
    SYS_SIGNAL = 4,
    SYS_YIELD = 5,  /* To the end of this priority's queue; also the null system call. */
    /* Perform TAG_ITEMS items of the message page (one item: from a2..a4, results returned there)
     * without a reply. out: word 3 (a5) = index of the failed item when a0 < 0.
     * Errors: ERR_BADMSG (number of items), ERR_RANGE (no message page), an item's. */
    SYS_ITEMS = 6,
    /* Leave an upcall: reload all registers from the message page (regs, fregs, fcsr).
     * Errors: ERR_RANGE (no message page). */
    SYS_RESUME = 7,
    SYS_COUNT
};

/* Two slots in a0. */
#define SLOTS(reply, object) ((uint64_t)(reply) << 32 | (uint32_t)(object))

/* Message tag. */
#define TAG_LABEL_MASK 0xffffUL
#define TAG_WORDS_SHIFT 16 /* payload words in the message page, 0..MSG_WORDS */
#define TAG_WORDS_MASK (0x3ffUL << TAG_WORDS_SHIFT)
#define TAG_ITEMS_SHIFT 26 /* items, 0..MSG_ITEMS; excludes payload words and a capability */
#define TAG_ITEMS_MASK (0x1fUL << TAG_ITEMS_SHIFT)
#define TAG_CAP (1UL << 31)     /* in: one capability sent (send_slot); out: it arrived (recv_slot) */
#define TAG_CAP_LOST (1UL << 32) /* out: a capability was sent, but there was no slot for it */
#define TAG_ANSWER_SHIFT 33     /* answer to a fault: enum fault_answer (<abi/fault.h>) */
#define TAG_ANSWER_MASK (7UL << TAG_ANSWER_SHIFT)
#define TAG_NOTIFIED (1UL << 62) /* out: this is a notification */
#define TAG_KERNEL (1UL << 63)   /* out: the kernel sent this (a fault); users cannot set it */

#define TAG(label, words) ((uint64_t)(label) | (uint64_t)(words) << TAG_WORDS_SHIFT)
#define TAG_LABEL(tag) ((uint32_t)((tag) & TAG_LABEL_MASK))
#define TAG_WORDS(tag) ((uint32_t)((tag) >> TAG_WORDS_SHIFT & 0x3ff))
#define TAG_ITEMS(tag) ((uint32_t)((tag) >> TAG_ITEMS_SHIFT & 0x1f))
#define TAG_ANSWER(tag) ((uint32_t)((tag) >> TAG_ANSWER_SHIFT & 7))

#endif
