/* What a handler sees of the interrupted program: ucontext_t of <signal.h>, by its older name. */
#ifndef _UCONTEXT_H
#define _UCONTEXT_H

#include <sys/ucontext.h>

#endif
