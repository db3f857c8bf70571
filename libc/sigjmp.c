/* Jumps that carry the signal mask, as out of handlers. */
#include <setjmp.h>
#include "internal.h"

int __sigsetjmp_save(sigjmp_buf env, int save)
{
    env->__saved = save;
    if (save)
        sigprocmask(SIG_SETMASK, NULL, &env->__mask);
    return save;
}

/* Out of a handler of a bad access: that signal may be handled again. */
void siglongjmp(sigjmp_buf env, int value)
{
    signal_leave_faults();
    if (env->__saved)
        sigprocmask(SIG_SETMASK, &env->__mask, NULL);
    longjmp(env->__registers, value);
}
