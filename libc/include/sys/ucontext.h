/* What a handler sees of the interrupted program: ucontext_t of <signal.h>, by its older name. */
#ifndef _SYS_UCONTEXT_H
#define _SYS_UCONTEXT_H

#include <signal.h>

#endif
