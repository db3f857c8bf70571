/* What lies on the stack below a running handler, and the pieces of assembly around it. */
#ifndef LIBC_SIGNAL_FRAME_H
#define LIBC_SIGNAL_FRAME_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <abi/error.h>
#include <abi/message.h>
#include <lib/sys/syscall.h>

enum { REG_SP = 2, REG_S0 = 8 };

/* signal_entry.S knows the offsets of context, payload_busy and payload. */
struct signal_frame {
    ucontext_t context;
    uint32_t payload_busy; /* the message page held a message: it is saved in payload */
    int errno_before;
    uint64_t payload[MSG_WORDS];
    uint64_t is_fault;     /* bit of the signal if the pager sent it; its mask is not proc's */
    siginfo_t info;
};

_Static_assert(offsetof(struct signal_frame, context.uc_mcontext) == 40, "FRAME_REGS");
_Static_assert(offsetof(struct signal_frame, payload_busy) == 560, "FRAME_BUSY");
_Static_assert(offsetof(struct signal_frame, payload) == 568, "FRAME_PAYLOAD");
_Static_assert(offsetof(struct msgpage, regs) == 3456, "PAGE_REGS");
_Static_assert(SYS_CALL == 0 && SYS_RESUME == 7 && ERR_INTR == -13, "numbers there");
_Static_assert(offsetof(struct message, word) == 8, "struct message there");
_Static_assert(offsetof(struct msgpage, fcsr) - offsetof(struct msgpage, regs) == 64 * 8, "one run");

void signal_entry(void);      /* where the kernel enters */
void signal_trampoline(void); /* runs the handler on its frame, then restores */
extern char signal_restore_begin[], signal_restore_end[];
extern char signal_call_begin[], signal_call_end[], signal_call_stop[];

/* Words as <proto/proc.def> says at signal_entry, or <proto/pager.def> at fault_signals. */
void signal_upcall(uint64_t sig_code, uint64_t from, uint64_t value, uint64_t mask);
void signal_run(struct signal_frame *frame);

#endif
