/* Capabilities: object types, rights, and the invocations (labels of SYS_CALL on an object).
 *
 * Common errors: ERR_SLOT (empty or out of range), ERR_TYPE, ERR_RIGHTS, ERR_RANGE, ERR_BADMSG
 * (unknown label for this type), ERR_NOMEM (untyped exhausted), ERR_EXISTS (destination slot
 * taken). Slots given as words are in the caller's CSpace unless stated otherwise. Results come
 * back in words 0..3. Each bounded by a constant unless stated; the unbounded ones restart.
 */
#ifndef ABI_INVOKE_H
#define ABI_INVOKE_H

#include <abi/types.h>

enum object_type {
    OBJ_NULL = 0,
    OBJ_UNTYPED = 1,
    OBJ_CSPACE = 2,
    OBJ_TCB = 3,
    OBJ_ENDPOINT = 4,
    OBJ_NOTIFICATION = 5,
    OBJ_REPLY = 6,
    OBJ_VSPACE = 7,
    OBJ_REGION = 8,
    OBJ_IRQ = 9,
    OBJ_TIMER = 10,
    OBJ_IRQ_CONTROL = 11, /* held by init: makes IRQ capabilities */
    OBJ_TYPE_COUNT
};

/* Rights of a capability; copy and mint can only remove them. */
#define RIGHT_READ 1u     /* endpoint, notification: receive; region: map readable */
#define RIGHT_WRITE 2u    /* endpoint: call; notification: signal; region: map writable */
#define RIGHT_GRANT 4u    /* endpoint: send a capability along */
#define RIGHT_MAP 8u      /* fault endpoint: answers may use the implied VSpace; VSpace: items */
#define RIGHT_CONTROL 16u /* TCB: everything but TCB_SET_MESSAGE; VSpace: clear, scan */
#define RIGHT_MESSAGE 32u /* TCB: TCB_SET_MESSAGE */
#define RIGHT_ALL 63u

enum invoke_label {
    /* On an untyped. words: type | count << 16, size, destination slot, destination CSpace slot (0:
     * the caller's own). Makes `count` objects in consecutive slots. size: OBJ_CSPACE: number of
     * slots; OBJ_UNTYPED: bytes (aligned to 64); OBJ_REGION: pages (starts page aligned); else 0.
     * An untyped without children starts over from its beginning. A region's frames must lie in
     * RAM that the kernel has words for; an untyped whose memory holds a region gets it back when
     * all the region's frame words are 0 (else deleting the last capability to it is ERR_BUSY).
     * out: word 0 = bytes left. Memory of objects is cleared (restarts every page). */
    UNTYPED_RETYPE = 1,
    UNTYPED_INFO = 2, /* out: bytes left, total bytes, 1 if it has children */

    /* On a CSpace capability, which names the CSpace that is changed. */
    /* words: dst slot (there), src slot (caller's), rights to keep | count << 16 (0 = 1). Copies of
     * consecutive slots. The copy is a child of the source. */
    CSPACE_COPY = 16,
    /* words: dst slot, src slot, rights, badge. Endpoint and notification: only from an unbadged
     * capability (badge 0), else ERR_RIGHTS. */
    CSPACE_MINT = 17,
    /* words: dst slot, src slot, rights, first page | count << 32. A smaller region. */
    CSPACE_MINT_REGION = 18,
    CSPACE_MOVE = 19,   /* words: dst slot (there), src slot (caller's) */
    CSPACE_DELETE = 20, /* words: slot (there), count (0 = 1). Children move up to the parent. The last
                         * capability destroys the object. Empty slots are fine. Restarts. */
    CSPACE_REVOKE = 21, /* words: slot (there). Deletes all descendants, not the capability. Restarts. */
    CSPACE_INFO = 22,   /* words: slot (there). out: object type, rights, badge */

    /* On a TCB. A new thread is stopped. */
    /* words: CSpace slot, VSpace slot, fault endpoint slot, priority (0..15, 15 highest) | flags.
     * 0 keeps what is set (for the priority: 255). The fault endpoint capability, with its badge
     * and rights, is copied into the TCB as a child of the caller's. */
    TCB_CONFIGURE = 32,
    TCB_SET_MESSAGE = 33,   /* words: region slot, index. Pins the frame, unpins the old one; slot 0: none */
    TCB_WRITE_REGS = 34,    /* words: pc, sp, a0, a1; all other registers 0, FP state initial */
    TCB_COPY_REGS = 35,     /* words: source TCB slot, value for a0, value for a1. All registers, FP too,
                             * as after the source's system call in progress (pc past the ecall). */
    TCB_READ_REGS = 36,     /* out: pc, sp, scause and stval of the last fault; all in message page regs/fregs */
    TCB_RESUME = 37,        /* make it ready; ERR_BUSY if it is blocked in IPC */
    /* Out of any IPC, then stopped. A call in progress is cancelled (the server's late answer gets
     * ERR_GONE), a queued send removed. Words: value that its a0 will hold if resumed (e.g. ERR_INTR). */
    TCB_STOP = 38,
    TCB_BIND = 39,          /* words: notification slot (0: unbind) */
    TCB_SET_UPCALL = 40,    /* words: entry pc; 0 = none */
    /* words: four words for a0..a3. In user mode: at once. Blocked in a call or a fault: when that is
     * answered. ERR_BUSY: masked, or one is pending, or no entry. */
    TCB_UPCALL = 41,
    TCB_SET_PRIORITY = 42,  /* words: priority */
    TCB_INFO = 43,          /* out: state (enum tcb_state), ticks used, faults taken; instructions
                             * that the hart counted while nobody was ready (its waits, not a thread's) */
    TCB_UNMASK = 44,        /* clear the upcall mask without resuming (after exec) */

    /* On a VSpace. */
    /* Unmap all user pages and give back all tables, root too: every frame word it held is
     * released. D bits are lost: unmap what must be written first. Restarts. The thread's next
     * fault is ERR_NOTABLE until a root is donated. */
    VSPACE_CLEAR = 48,
    /* words: va. Bounded, read only. From va on, up to 64 mapped pages: out: word 0 = va to go on
     * from (0 = done), word 1 = number found; payload: pairs (va, PTE). */
    VSPACE_SCAN = 49,

    /* On a region. */
    REGION_INFO = 56, /* out: pages, 1 if device memory, physical address (needs RIGHT_CONTROL) */
    REGION_SCAN = 57, /* words: index. out: payload words: frame words of up to 128 frames, two a word */

    /* On IRQ control: words: PLIC source, destination slot. */
    IRQ_MAKE = 64,
    IRQ_BIND = 65,  /* on an IRQ. words: notification slot; its badge is signalled; unmasks */
    IRQ_ACK = 66,   /* completes it, so that it can come again */

    /* On a timer. */
    TIMER_BIND = 72, /* words: notification slot; its badge is signalled at the deadline */
    TIMER_SET = 73,  /* words: absolute `time`; 0 = off */
};

enum tcb_state {
    TCB_STOPPED = 0,
    TCB_READY = 1,
    TCB_RECEIVING = 2,
    TCB_SENDING = 3,  /* queued on an endpoint */
    TCB_WAITING = 4,  /* for a reply */
    TCB_FAULTED = 5,  /* for the answer to a fault */
};

#endif
