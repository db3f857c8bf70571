/* The orderly end of a program: registered functions, destructors, streams, then _exit(). */
#include <stdlib.h>
#include <unistd.h>
#include "internal.h"

#define CHUNK 32 /* ISO C asks for 32 at least; more come from malloc */

struct exits {
    struct exits *older;
    unsigned n;
    struct {
        void (*call)(void *arg, int status);
        void *arg;
    } at[CHUNK];
};

static struct exits first;
static struct exits *last = &first;

extern void (*__fini_array_start[])(void), (*__fini_array_end[])(void);
int __cxa_atexit(void (*call)(void *), void *arg, void *dso);
int on_exit(void (*call)(int, void *), void *arg);

static int add(void (*call)(void *, int), void *arg)
{
    if (last->n == CHUNK) {
        struct exits *more = malloc(sizeof *more);

        if (more == NULL)
            return -1;
        more->older = last;
        more->n = 0;
        last = more;
    }
    last->at[last->n].call = call;
    last->at[last->n].arg = arg;
    last->n++;
    return 0;
}

static void call_plain(void *arg, int status)
{
    ((void (*)(void))arg)();
}

int atexit(void (*call)(void))
{
    return add(call_plain, (void *)call);
}

/* A function that ignores the second argument may be called with it on this machine. */
int __cxa_atexit(void (*call)(void *), void *arg, void *dso)
{
    return add((void (*)(void *, int))(void (*)(void))call, arg);
}

struct on_exit_call {
    void (*call)(int, void *);
    void *arg;
};

static void call_on_exit(void *arg, int status)
{
    struct on_exit_call *c = arg;

    c->call(status, c->arg);
}

int on_exit(void (*call)(int, void *), void *arg)
{
    struct on_exit_call *c = malloc(sizeof *c);

    if (c == NULL)
        return -1;
    *c = (struct on_exit_call){call, arg};
    return add(call_on_exit, c);
}

void exit(int status)
{
    while (last->n || last->older) {
        if (last->n == 0) {
            last = last->older;
            continue;
        }
        last->n--;
        last->at[last->n].call(last->at[last->n].arg, status);
    }
    for (void (**f)(void) = __fini_array_end; f > __fini_array_start;)
        (*--f)();
    stdio_flush_all();
    _exit(status);
}
