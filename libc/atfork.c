/* Handlers around fork(): prepare handlers in the reverse order of their registration, the others in
 * its order. */
#include <pthread.h>
#include <stdlib.h>
#include "internal.h"

static struct around {
    struct around *older, *newer;
    void (*call[3])(void); /* by enum fork_stage */
} *newest, *oldest;

static void run(enum fork_stage stage)
{
    struct around *a = stage == FORK_PREPARE ? newest : oldest;

    for (; a; a = stage == FORK_PREPARE ? a->older : a->newer)
        if (a->call[stage])
            a->call[stage]();
}

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    struct around *a = malloc(sizeof *a);

    if (a == NULL)
        return ENOMEM;
    *a = (struct around){newest, NULL, {prepare, parent, child}};
    if (newest)
        newest->newer = a;
    else
        oldest = a;
    newest = a;
    fork_handlers = run;
    return 0;
}
