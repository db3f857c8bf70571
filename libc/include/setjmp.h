/* Jumps out of functions: picolibc's, and those that POSIX adds, with the signal mask. */
#ifndef _FAULTLINE_SETJMP_H
#define _FAULTLINE_SETJMP_H

#include_next <setjmp.h>
#include <signal.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    jmp_buf __registers;
    int __saved;
    sigset_t __mask;
} sigjmp_buf[1];

/* Remembers the mask if `save`. => save */
int __sigsetjmp_save(sigjmp_buf env, int save);
void siglongjmp(sigjmp_buf env, int value) __attribute__((noreturn));

#define sigsetjmp(env, save) (__sigsetjmp_save(env, save), setjmp((env)->__registers))
#undef _setjmp
#undef _longjmp
#define _setjmp(env) setjmp(env)
#define _longjmp(env, value) longjmp(env, value)

#ifdef __cplusplus
}
#endif

#endif
