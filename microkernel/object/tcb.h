/* Threads: saved registers, what they are allowed (CSpace, VSpace, fault endpoint), what they wait
 * for.
 *
 *              resume                 recv               message
 *   STOPPED ----------> READY -----------------> RECEIVING -----> READY
 *      ^                  |  call / fault, no receiver
 *      | stop from        |-----------------------> SENDING
 *      | anywhere         |  call            |  taken   |
 *      +------------------+--> WAITING <-----+----------+--> FAULTED --answer--> READY, STOPPED
 *
 * Invariants: RECEIVING, SENDING and READY threads that do not run are in the queue `queue`;
 * `reply` is the reply object that is ARMED by (RECEIVING) or HOLDS (WAITING, FAULTED) the thread.
 */
#ifndef OBJECT_TCB_H
#define OBJECT_TCB_H

#include <abi/message.h>
#include "microkernel/object/cap.h"
#include "microkernel/object/queue.h"

#define PRIORITIES 16

/* Registers by their numbers; the pc takes the place of x0. */
enum reg {
    REG_PC = 0, REG_RA = 1, REG_SP = 2, REG_GP = 3, REG_TP = 4, REG_T0 = 5, REG_S0 = 8,
    REG_A0 = 10, REG_A1, REG_A2, REG_A3, REG_A4, REG_A5, REG_A6, REG_A7, REG_S2 = 18, REG_T3 = 28,
};

#define ECALL_BYTES 4 /* of the instruction that makes a system call */

/* Bits of tcb.attention: looked at before the thread runs again. */
#define ATTENTION_UPCALL 1u  /* upcall_words wait */
#define ATTENTION_EXPIRED 2u /* its slice is used up: to the end of its queue */

struct tcb {
    struct object object;
    uint8_t state;     /* enum tcb_state */
    uint8_t priority;
    uint8_t full;      /* 1: all registers are to be loaded; 0: it made a system call */
    uint8_t attention; /* ATTENTION_* */
    uint64_t regs[32]; /* enum reg; the pc of a system call is already past it */
    struct cap *slots; /* of its CSpace; NULL if it has none */
    uint32_t nslots;
    uint8_t is_fault;  /* its call in progress was made by a fault */
    uint8_t masked;    /* in an upcall */
    uint8_t may_map;   /* SENDING a fault: the answer may use the thread's VSpace */
    struct vspace *vspace; /* never NULL: kernel_vspace if it has none */
    struct queue *queue;
    struct tcb *qnext, *qprev;
    struct reply *reply;
    struct notification *notification; /* bound, or NULL */
    struct msgpage *msg;               /* in the direct map, pinned; NULL if none */
    struct vspace *fault_vspace;       /* captured with the fault; NULL once that has gone */
    badge_t badge;                     /* SENDING: badge of the capability that it sent by */
    uint64_t scause, stval;            /* of its last fault */
    uint64_t progress;                 /* of a preempted system call (kernel/items.c); 0 = none */
    vaddr_t upcall_entry;              /* 0 = none */
    uint64_t upcall_words[4];
    uint64_t ticks_used, faults;
    ticks_t slice_left;                /* of a slice cut short by a higher priority; 0 = all of it */
    struct cap cspace_cap, vspace_cap, fault_cap, notification_cap;
    uint64_t fregs[33]; /* f0..f31, fcsr, while they are not in the hart */
};

_Static_assert(sizeof(struct tcb) <= 1024, "threads are pooled by the hundred");

void tcb_init(struct tcb *t);

/* Out of any IPC and any queue, STOPPED. a0 becomes `result` if an IPC was cut short. */
void tcb_stop(struct tcb *t, int64_t result);

/* Make a stopped thread run. => ERR_BUSY if it is blocked in IPC. */
int tcb_resume(struct tcb *t);

/* The capability inside of a thread next to be deleted when the thread ends, but not `except`; NULL
 * if none. Stops the thread. */
struct cap *tcb_inner_cap(struct tcb *t, const struct cap *except);

/* Last step of its life: nothing refers to it any more. */
void tcb_finish(struct tcb *t);

/* One of its own capabilities is being emptied (`c->holder`). */
void tcb_cap_lost(struct cap *c);

/* Cached fields from its own capabilities, after one was filled. */
void tcb_cap_set(struct cap *c);

/* Ask for an upcall with four words: now if it is in user mode or its call was not received yet (it is
 * made again then), else when its IPC is answered.
 * => ERR_BUSY if one is pending or masked, or there is no entry or no message page. */
int tcb_upcall(struct tcb *t, const uint64_t words[4]);

/* 0 if an upcall could be delivered at once. */
int tcb_upcall_check(const struct tcb *t);

/* Save the registers in the message page and go to the entry. => tcb_upcall_check() was 0. */
void tcb_upcall_enter(struct tcb *t, const uint64_t words[4]);

/* SYS_RESUME: the registers in the message page become the thread's. => ERR_RANGE without one. */
int tcb_upcall_leave(struct tcb *t);

#endif
