/* Memory that somebody else's pointer names, and that may not be there: every pointer that a program
 * gives to a call goes through these routines, and a bad one makes the call fail with EFAULT.
 *
 *     struct timespec ts;
 *     if (user_copy(&ts, from, sizeof ts))      => ERR_FAULT: result() makes it errno = EFAULT
 *         return fail(EFAULT);
 *
 * They are assembly without a stack frame, alone in section .careful, whose start is where the
 * pager lets a thread go on whose bad access came from that section (program header PT_CAREFUL, told
 * by the loader): there they return ERR_FAULT. No signal is sent, and nothing is spent on good pointers.
 * A page that is merely absent is brought in as ever. What was copied before the bad page stays. */
#ifndef LIB_SYS_USER_H
#define LIB_SYS_USER_H

#include <stddef.h>

/* Copy n bytes; either side may be bad. => 0 or ERR_FAULT. The areas do not overlap. */
int user_copy(void *to, const void *from, size_t n);

/* Length of a string, at most max. => ERR_FAULT if it runs into memory that cannot be read. */
long user_strnlen(const char *string, size_t max);

/* May the byte be written? Changes nothing, but the page is the program's own then. => 0 or ERR_FAULT. */
int user_touch(void *at);

#endif
