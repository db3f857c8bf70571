/* What a handler sees of the interrupted program: ucontext_t of <signal.h>, by its older name, and where
 * registers are in uc_mcontext.__gregs. */
#ifndef _SYS_UCONTEXT_H
#define _SYS_UCONTEXT_H

#include <signal.h>

#define REG_PC 0
#define REG_RA 1
#define REG_SP 2
#define REG_TP 4
#define REG_S0 8
#define REG_A0 10

#endif
