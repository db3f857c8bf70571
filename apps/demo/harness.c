/* What the demonstrations share: see demo.h. */
#include "apps/demo/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "apps/demo/demo.h"

#define FAULTS_MAX 96
#define FAULTS_SHOWN 6
#define STACK_IN_ADVANCE (64 * KIB)

static unsigned failures;
static uint64_t trace_before;

static const char *const action_names[] = {
#define X(name, text) text,
    PAGER_ACTIONS(X)
#undef X
};

/* Touch what anything here needs of stack and data, so that it takes no frames later on. */
static __attribute__((noinline)) void touch_own_memory(void)
{
    unsigned char stack[STACK_IN_ADVANCE];

    store_pages(stack, sizeof stack);
    status_text(0);
    close(open("/", O_RDONLY));
}

/* Whoever forked us copies a page or two on its way to wait(): let it get there. */
static void let_parent_rest(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
}

void harness_start(void)
{
    failures = 0;
    touch_own_memory();
    let_parent_rest();
    need(!fl_tune(PAGER_TRACE, 1, &trace_before), "recording of faults");
}

unsigned harness_end(void)
{
    need(!fl_tune(PAGER_TRACE, trace_before, NULL), "recording of faults");
    return failures;
}

void say(const char *format, ...)
{
    va_list args;

    printf("   ");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
    fflush(stdout);
}

void claim(bool holds, const char *format, ...)
{
    va_list args;

    failures += !holds;
    printf(holds ? "   ok      " : "   FAILED  ");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
    fflush(stdout);
}

void need(bool succeeded, const char *what)
{
    if (succeeded)
        return;
    printf("   cannot go on: %s: %s\n", what, strerror(errno));
    fflush(stdout);
    _exit(1);
}

struct pager_stats system_now(void)
{
    struct pager_stats stats;

    need(!fl_pager_stats(&stats), "the pager's counters");
    return stats;
}

struct pager_proc_stats process_now(void)
{
    struct pager_proc_stats stats;

    need(!fl_pager_proc_stats(0, &stats), "this process's counters");
    return stats;
}

uint64_t actions_since(const struct pager_proc_stats *before, enum pager_action action)
{
    return process_now().actions[action] - before->actions[action];
}

void show_frames(const char *when, const struct pager_stats *stats)
{
    say("frames %-7s %6lu free %6lu anonymous %6lu of files %5lu of tables; %6lu pages in swap",
        when, stats->frames_free, stats->frames_anon, stats->frames_file, stats->frames_table,
        stats->swap_total - stats->swap_free);
}

/* The record of faults. => how many. */
static size_t read_faults(struct pager_fault faults[FAULTS_MAX])
{
    ssize_t count = fl_faults(0, faults, FAULTS_MAX);

    need(count >= 0, "the record of faults");
    return (size_t)count;
}

static bool is_within(const struct pager_fault *fault, const void *start, size_t bytes)
{
    return fault->stval - (uintptr_t)start < bytes;
}

size_t faults_in(const void *start, size_t bytes, enum pager_action action)
{
    struct pager_fault faults[FAULTS_MAX];
    size_t count = read_faults(faults), found = 0;

    for (size_t i = 0; i < count; i++)
        found += is_within(&faults[i], start, bytes) && faults[i].action == action;
    return found;
}

/* RISC-V Privileged Spec, "Supervisor Cause Register (scause)". */
static const char *cause_name(uint64_t scause)
{
    switch (scause) {
    case 12:
        return "fetch";
    case 13:
        return "load";
    case 15:
        return "store";
    default:
        return "other";
    }
}

static void show_fault(const struct pager_fault *fault)
{
    say("fault   %-5s stval=0x%lx sepc=0x%lx scause=0x%lx -> %s", cause_name(fault->scause),
        fault->stval, fault->sepc, fault->scause,
        fault->action < PAGER_ACTION_COUNT ? action_names[fault->action] : "?");
}

void show_faults(const void *start, size_t bytes)
{
    struct pager_fault faults[FAULTS_MAX];
    size_t count = read_faults(faults), found = 0;

    for (size_t i = 0; i < count; i++)
        if (is_within(&faults[i], start, bytes))
            faults[found++] = faults[i];
    if (found > FAULTS_SHOWN)
        say("        %zu faults, the last of them:", found);
    for (size_t i = found > FAULTS_SHOWN ? found - FAULTS_SHOWN : 0; i < found; i++)
        show_fault(&faults[i]);
}

unsigned char *new_memory(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    need(memory != MAP_FAILED, "mmap");
    return memory;
}

void free_memory(void *memory, size_t bytes)
{
    need(!munmap(memory, bytes), "munmap");
}

void store_pages(void *memory, size_t bytes)
{
    volatile unsigned char *byte = memory;

    for (size_t i = 0; i < bytes; i += PAGE)
        byte[i] = (unsigned char)(i / PAGE + 1);
}

unsigned load_pages(const void *memory, size_t bytes)
{
    const volatile unsigned char *byte = memory;
    unsigned sum = 0;

    for (size_t i = 0; i < bytes; i += PAGE)
        sum += byte[i];
    return sum;
}

pid_t start_child(int (*body)(void *), void *context)
{
    pid_t pid;

    fflush(stdout);
    pid = fork();
    need(pid >= 0, "fork");
    if (pid == 0)
        _exit(body(context));
    return pid;
}

int finish_child(pid_t pid)
{
    int status = 0;
    pid_t ended;

    while ((ended = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
        ;
    need(ended == pid, "waitpid");
    return status;
}

bool exited_well(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool died_by(int status, int signal)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

const char *status_text(int status)
{
    static char text[32];

    if (WIFSIGNALED(status))
        snprintf(text, sizeof text, "signal %d", WTERMSIG(status));
    else
        snprintf(text, sizeof text, "exit %d", WEXITSTATUS(status));
    return text;
}

void step_open(struct step *step)
{
    step->is_child = false;
    need(!pipe(step->to_child) && !pipe(step->to_parent), "pipe");
}

void step_become_child(struct step *step)
{
    step->is_child = true;
    close(step->to_child[1]);
    close(step->to_parent[0]);
}

void step_signal(struct step *step)
{
    char token = 0;

    need(write(step->is_child ? step->to_parent[1] : step->to_child[1], &token, 1) == 1, "write");
}

void step_await(struct step *step)
{
    char token;

    need(read(step->is_child ? step->to_child[0] : step->to_parent[0], &token, 1) == 1, "read");
}

void step_close(struct step *step)
{
    close(step->to_child[0]);
    close(step->to_child[1]);
    close(step->to_parent[0]);
    close(step->to_parent[1]);
}
