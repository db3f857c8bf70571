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

/* Of exit(), and of quick_exit(). */
static struct exits first, quick_first;
static struct exits *last = &first, *quick_last = &quick_first;

extern void (*__fini_array_start[])(void), (*__fini_array_end[])(void);
int __cxa_atexit(void (*call)(void *), void *arg, void *dso);
int on_exit(void (*call)(int, void *), void *arg);

static int add(struct exits **end, void (*call)(void *, int), void *arg)
{
    struct exits *e = *end;

    if (e->n == CHUNK) {
        struct exits *more = malloc(sizeof *more);

        if (more == NULL)
            return -1;
        more->older = e;
        more->n = 0;
        *end = e = more;
    }
    e->at[e->n].call = call;
    e->at[e->n].arg = arg;
    e->n++;
    return 0;
}

/* The last one first; they may add more. */
static void run(struct exits **end, int status)
{
    while ((*end)->n || (*end)->older) {
        struct exits *e = *end;

        if (e->n == 0) {
            *end = e->older;
            continue;
        }
        e->n--;
        e->at[e->n].call(e->at[e->n].arg, status);
    }
}

static void call_plain(void *arg, int status)
{
    ((void (*)(void))arg)();
}

int atexit(void (*call)(void))
{
    return add(&last, call_plain, (void *)call);
}

int at_quick_exit(void (*call)(void))
{
    return add(&quick_last, call_plain, (void *)call);
}

/* A function that ignores the second argument may be called with it on this machine. */
int __cxa_atexit(void (*call)(void *), void *arg, void *dso)
{
    return add(&last, (void (*)(void *, int))(void (*)(void))call, arg);
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
    return add(&last, call_on_exit, c);
}

void exit(int status)
{
    run(&last, status);
    for (void (**f)(void) = __fini_array_end; f > __fini_array_start;)
        (*--f)();
    stdio_flush_all();
    _exit(status);
}

void quick_exit(int status)
{
    run(&quick_last, status);
    _exit(status);
}
