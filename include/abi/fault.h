/* Faults as messages, and the answers to them.
 *
 * A fault is a call that the kernel makes for the thread to the thread's fault endpoint:
 *   tag = TAG_KERNEL | label (enum fault_label)
 *   words = stval, sepc, scause, PTE at delivery (0 if there is none)
 *   badge = the badge of the fault endpoint capability (serial of the address space)
 * A fault whose PTE permits the access when the fault would be delivered is retried in the kernel.
 */
#ifndef ABI_FAULT_H
#define ABI_FAULT_H

enum fault_label {
    FAULT_PAGE = 1,       /* scause 12, 13, 15 */
    FAULT_ACCESS = 2,     /* scause 1, 5, 7: physical memory attributes refuse */
    FAULT_ILLEGAL = 3,    /* scause 2; stval = the instruction, if known */
    FAULT_MISALIGNED = 4, /* scause 0, 4, 6 */
    FAULT_BREAKPOINT = 5, /* scause 3 */
    FAULT_OTHER = 6,
};

/* scause values (RISC-V Privileged Spec, "Supervisor Cause Register"). */
enum cause {
    CAUSE_FETCH_MISALIGNED = 0,
    CAUSE_FETCH_ACCESS = 1,
    CAUSE_ILLEGAL = 2,
    CAUSE_BREAKPOINT = 3,
    CAUSE_LOAD_MISALIGNED = 4,
    CAUSE_LOAD_ACCESS = 5,
    CAUSE_STORE_MISALIGNED = 6,
    CAUSE_STORE_ACCESS = 7,
    CAUSE_ECALL_USER = 8,
    CAUSE_FETCH_PAGE = 12,
    CAUSE_LOAD_PAGE = 13,
    CAUSE_STORE_PAGE = 15,
};

/* In TAG_ANSWER of the reply. */
enum fault_answer {
    /* Run the faulting instruction again. Items may ride on it; exactly one item travels in
     * words 0..2, more in the message page. */
    ANSWER_RETRY = 0,
    ANSWER_RESUME = 1, /* go on at pc = word 0 */
    /* Upcall to the entry set by TCB_SET_UPCALL with a0..a3 = words 0..3, registers of the fault
     * saved in the message page. Masked or no entry or no message page: ERR_BUSY, not answered. */
    ANSWER_UPCALL = 2,
    ANSWER_KEEP_STOPPED = 3, /* the thread is stopped (TCB_RESUME runs the instruction again) */
};

#endif
