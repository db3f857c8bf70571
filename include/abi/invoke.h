/* Capabilities: object types, rights, and the invocations (labels of SYS_CALL on an object).
 *
 * Any of them: ERR_SLOT (empty or out of range), ERR_BADMSG (unknown label for this type),
 * ERR_RIGHTS. Slots given as words are in the caller's CSpace unless stated otherwise. Results come
 * back in words 0..3 (not on error). Each is bounded by a constant unless stated; what restarts is
 * preempted between steps and goes on where it was.
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
    /* --- Untyped: memory that objects are made from. It has one capability, which can be moved but
     * not copied. --- */

    /* words: type | count << 16, size, destination slot, destination CSpace slot (0: the caller's
     * own; else a CSpace capability with RIGHT_WRITE). Makes `count` (1..1024) objects in consecutive
     * slots, each with all rights. size: OBJ_CSPACE: slots (2..65536); OBJ_UNTYPED: bytes (rounded up
     * to 64); OBJ_REGION: pages (starts page aligned); else 0. An untyped without children starts
     * over from its beginning. out: word 0 = bytes left.
     * Errors: ERR_TYPE (not made from memory), ERR_RANGE (count, size or slots), ERR_EXISTS (a slot is
     * taken), ERR_NOMEM (too little left). On error nothing changed.
     * Bound: linear in the memory that is cleared; restarts every page. */
    UNTYPED_RETYPE = 1,
    /* out: bytes left, total bytes, 1 if it has children. */
    UNTYPED_INFO = 2,

    /* --- CSpace: the capability names the CSpace that is changed. Needs RIGHT_WRITE, but for
     * CSPACE_INFO. --- */

    /* words: dst slot (there), src slot (caller's), rights to keep | count << 16 (0 = 1, at most
     * 1024). Copies of consecutive slots; each copy is a child of its source.
     * Errors: ERR_SLOT (a source is empty), ERR_TYPE (untyped, or a region that is being deleted),
     * ERR_RANGE, ERR_EXISTS. On error nothing changed. */
    CSPACE_COPY = 16,
    /* words: dst slot, src slot, rights to keep, badge. Endpoints and notifications only.
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RIGHTS (the source has a badge), ERR_RANGE, ERR_EXISTS. */
    CSPACE_MINT = 17,
    /* words: dst slot, src slot, rights to keep, first page | count << 32. A smaller region.
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RANGE, ERR_BUSY (it is being deleted), ERR_EXISTS. */
    CSPACE_MINT_REGION = 18,
    /* words: dst slot (there), src slot (caller's). What was derived from it stays so.
     * Errors: ERR_SLOT, ERR_RANGE, ERR_EXISTS, ERR_BUSY (more than 256 direct children). */
    CSPACE_MOVE = 19,
    /* words: first slot (there), count (0 = 1). Children move up to the parent. The last capability
     * destroys the object. Empty slots are fine. A region capability that is not derived from
     * another region's goes last, after all that are derived from it, and only when all its frame
     * words are 0. Errors: ERR_RANGE, ERR_BUSY (such a region has children, or frames in use). Bound: none; restarts. */
    CSPACE_DELETE = 20,
    /* words: slot (there). Deletes all descendants, not the capability itself.
     * Errors: ERR_RANGE, ERR_BUSY (as CSPACE_DELETE). Bound: none; restarts. */
    CSPACE_REVOKE = 21,
    /* words: slot (there). out: object type, rights, badge. Errors: ERR_RANGE. */
    CSPACE_INFO = 22,

    /* --- TCB: a thread; a new one is stopped. Needs RIGHT_CONTROL, but for TCB_SET_MESSAGE. --- */

    /* words: CSpace slot, VSpace slot (RIGHT_MAP), fault endpoint slot (RIGHT_WRITE), priority (0..15,
     * 15 highest). A slot of 0 keeps what is set, so does priority 255. The capabilities, badge and
     * rights included, are copied into the TCB as children of the caller's.
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RIGHTS, ERR_RANGE (priority). What was set before the error
     * stays set. Bound: that of deleting what is replaced; restarts. */
    TCB_CONFIGURE = 32,
    /* words: region slot (RIGHT_READ and RIGHT_WRITE), index; slot 0: none. Needs RIGHT_MESSAGE. The
     * frame is kept from being unmapped for other uses until then; at most three threads share one.
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RIGHTS, ERR_RANGE, ERR_BUSY (a page table), ERR_NOMEM. */
    TCB_SET_MESSAGE = 33,
    /* words: pc, sp, a0, a1; all other registers 0, FP state initial.
     * Errors: ERR_BUSY (it is not stopped). */
    TCB_WRITE_REGS = 34,
    /* words: source TCB slot (RIGHT_CONTROL), value for a0, value for a1. All registers, FP too, as
     * after the source's system call in progress (pc past the ecall; a2..a7 and temporaries 0).
     * Errors: ERR_BUSY (the target is not stopped), ERR_SLOT, ERR_TYPE, ERR_RIGHTS, ERR_RANGE. */
    TCB_COPY_REGS = 35,
    /* out: pc, sp, scause and stval of the last fault; all in the caller's message page, if it has
     * one: regs, fregs, fcsr. */
    TCB_READ_REGS = 36,
    /* Make it ready. Errors: ERR_BUSY (blocked in IPC). */
    TCB_RESUME = 37,
    /* Out of any IPC, then stopped. A call in progress is cancelled (the server's late answer gets
     * ERR_GONE), a queued send removed. words: value that its a0 will hold if an IPC was cut short
     * and it is resumed (e.g. ERR_INTR). A fault in progress will be raised again. */
    TCB_STOP = 38,
    /* words: notification slot (RIGHT_READ; 0: unbind).
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RIGHTS, ERR_BUSY (bound to another thread). */
    TCB_BIND = 39,
    /* words: entry pc; 0 = none. */
    TCB_SET_UPCALL = 40,
    /* words: four words for a0..a3. In user mode: at once. In a call that no server has received: at
     * once, and SYS_RESUME makes the call again. Otherwise blocked in IPC or a fault: when that is
     * answered. Errors: ERR_BUSY (masked, one is pending, no entry, or no message page). */
    TCB_UPCALL = 41,
    /* words: priority. Errors: ERR_RANGE. */
    TCB_SET_PRIORITY = 42,
    /* out: state (enum tcb_state), ticks used, faults taken; instructions that the hart counted while
     * nobody was ready (its waits, not a thread's). */
    TCB_INFO = 43,
    /* Clear the upcall mask without resuming (after exec). */
    TCB_UNMASK = 44,

    /* --- VSpace: an address space. Needs RIGHT_CONTROL; items need RIGHT_MAP. --- */

    /* Unmap all user pages and give back all tables, the root too: every frame word it held is
     * released. D bits are lost: unmap what must be written first. Until a root is donated its
     * threads fault at once, and map answers ERR_NOTABLE. Bound: linear in its tables; restarts. */
    VSPACE_CLEAR = 48,
    /* words: va. Bounded, read only. From va on, up to 64 mapped pages. out: word 0 = va to go on
     * from (0 = done), word 1 = number found; payload: pairs (va, PTE).
     * Errors: ERR_ALIGN, ERR_RANGE (the caller has no message page). */
    VSPACE_SCAN = 49,

    /* --- Region: a run of frames. --- */

    /* out: pages, 1 if device memory, physical address (0 without RIGHT_CONTROL). */
    REGION_INFO = 56,
    /* words: index. out: word 1 = frames told (up to 128); payload: their frame words, two a word.
     * Errors: ERR_RANGE (index, or no message page). */
    REGION_SCAN = 57,

    /* --- IRQ control, and the IRQ objects that it makes. --- */

    /* words: interrupt source, destination slot. Errors: ERR_RANGE, ERR_EXISTS (slot, or source). */
    IRQ_MAKE = 64,
    /* On an IRQ. words: notification slot (RIGHT_WRITE); its badge is signalled; unmasks.
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RIGHTS. */
    IRQ_BIND = 65,
    /* On an IRQ. Completes it, so that it can come again. */
    IRQ_ACK = 66,

    /* --- Timer. --- */

    /* words: notification slot (RIGHT_WRITE); its badge is signalled at the deadline.
     * Errors: ERR_SLOT, ERR_TYPE, ERR_RIGHTS. */
    TIMER_BIND = 72,
    /* words: absolute `time`; 0 = off. Bound: linear in the timers that are set. */
    TIMER_SET = 73,
};

enum tcb_state {
    TCB_STOPPED = 0,
    TCB_READY = 1,
    TCB_RECEIVING = 2,
    TCB_SENDING = 3, /* queued on an endpoint */
    TCB_WAITING = 4, /* for a reply */
    TCB_FAULTED = 5, /* for the answer to a fault */
};

#endif
