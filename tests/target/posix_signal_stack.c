/* Where handlers run and what they leave alone: alternate stacks, floating point, the context; and what
 * happens when a handler cannot be entered. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char other[SIGSTKSZ], third[SIGSTKSZ];
static volatile int nseen, errors[2], flags_inside;
static void *volatile where[2];
static sigjmp_buf back;

static int is_on(void *at, const char *stack)
{
    return (char *)at >= stack && (char *)at < stack + SIGSTKSZ;
}

static void look(int sig)
{
    stack_t now, new = {.ss_sp = third, .ss_size = sizeof third};

    sigaltstack(NULL, &now);
    flags_inside = now.ss_flags;
    errors[0] = sigaltstack(&new, NULL) ? errno : 0;
    where[nseen++] = &now;
    if (sig == SIGUSR1)
        raise(SIGUSR2);
}

static void handle(int sig, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigaction(sig, &action, NULL);
}

static void handlers_run_on_the_other_stack_if_they_ask(void)
{
    stack_t set = {.ss_sp = other, .ss_size = sizeof other}, old;

    CHECK_OK(sigaltstack(&set, &old));
    CHECK_EQ(old.ss_flags, SS_DISABLE);
    handle(SIGUSR1, look, SA_ONSTACK);
    handle(SIGUSR2, look, SA_ONSTACK);
    nseen = 0;
    raise(SIGUSR1);
    CHECK_EQ(nseen, 2);
    CHECK(is_on(where[0], other));
    CHECK(is_on(where[1], other) && where[1] < where[0]);
    CHECK_EQ(flags_inside, SS_ONSTACK);
    CHECK_EQ(errors[0], EPERM);
    CHECK_OK(sigaltstack(NULL, &old));
    CHECK_EQ(old.ss_flags, 0);
    CHECK(old.ss_sp == other && old.ss_size == sizeof other);
    handle(SIGUSR2, look, 0);
    nseen = 0;
    raise(SIGUSR2);
    CHECK(!is_on(where[0], other));
    CHECK_EQ(flags_inside, 0);
}

static void impossible_stacks_are_refused(void)
{
    stack_t small = {.ss_sp = other, .ss_size = MINSIGSTKSZ - 1};
    stack_t odd = {.ss_sp = other, .ss_size = sizeof other, .ss_flags = 64};
    stack_t off = {.ss_flags = SS_DISABLE}, now;

    CHECK_OK(sigaltstack(&off, NULL));
    CHECK_FAILS(sigaltstack(&small, NULL), ENOMEM);
    CHECK_FAILS(sigaltstack(&odd, NULL), EINVAL);
    CHECK_OK(sigaltstack(NULL, &now));
    CHECK_EQ(now.ss_flags, SS_DISABLE);
}

/* --- registers ------------------------------------------------------------------------------- */

static volatile double result;

static void calculate(int sig)
{
    double x = 1;

    for (int i = 1; i < 50; i++)
        x = x * 1.01 + i / 3.0;
    result = x;
    errno = 99;
}

static void registers_survive_handlers(void)
{
    double a = 1.25, b = 2.5, c = -3.75;
    unsigned rounding;

    handle(SIGUSR1, calculate, 0);
    __asm__ volatile("fsrmi 2"); /* round down */
    errno = 5;
    for (int i = 0; i < 20; i++) {
        raise(SIGUSR1);
        a += 1;
        b *= 2;
        c -= 0.5;
    }
    __asm__ volatile("frrm %0" : "=r"(rounding));
    __asm__ volatile("fsrmi 0");
    CHECK_EQ(errno, 5);
    CHECK_EQ(rounding, 2);
    CHECK(a == 21.25);
    CHECK(b == 2621440.0);
    CHECK(c == -13.75);
}

static void skip(int sig, siginfo_t *info, void *context)
{
    ucontext_t *c = context;

    nseen++;
    c->uc_mcontext.__gregs[0] += 4;
    c->uc_mcontext.__gregs[10] = 42;
}

static void a_handler_can_change_what_it_returns_to(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    register long a0 __asm__("a0") = 7;

    action.sa_sigaction = skip;
    nseen = 0;
    CHECK_OK(sigaction(SIGSEGV, &action, NULL));
    a0 = 7;
    __asm__ volatile(".option push\n.option norvc\nld a0, 8(zero)\n.option pop" : "+r"(a0));
    CHECK_EQ(a0, 42);
    CHECK_EQ(nseen, 1);
    signal(SIGSEGV, SIG_DFL);
}

/* --- handlers that cannot be entered --------------------------------------------------------- */

static void overflow(volatile int depth)
{
    volatile char room[2048];

    room[0] = (char)depth;
    if (depth < 1 << 20)
        overflow(depth + 1);
    room[1] = room[0];
}

static void leave(int sig)
{
    siglongjmp(back, 1);
}

static void overflow_without_another_stack(void)
{
    handle(SIGSEGV, leave, 0);
    if (sigsetjmp(back, 1) == 0)
        overflow(0);
}

static void no_stack_for_the_handler_ends_the_process(void)
{
    int status = tap_in_child(overflow_without_another_stack);

    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

static void signal_without_a_stack(void)
{
    char *page = mmap(NULL, 2 * 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t set = {.ss_sp = page, .ss_size = 2 * 8192};

    sigaltstack(&set, NULL);
    handle(SIGUSR1, leave, SA_ONSTACK);
    mprotect(page, 2 * 8192, PROT_NONE);
    raise(SIGUSR1);
}

static void a_stack_that_is_gone_ends_the_process(void)
{
    int status = tap_in_child(signal_without_a_stack);

    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

static void overflows_are_handled_again_and_again(void)
{
    stack_t set = {.ss_sp = other, .ss_size = sizeof other}, off = {.ss_flags = SS_DISABLE};

    CHECK_OK(sigaltstack(&set, NULL));
    handle(SIGSEGV, leave, SA_ONSTACK);
    for (volatile int i = 0; i < 3; i++)
        if (sigsetjmp(back, 1) == 0)
            overflow(0);
    CHECK_OK(sigaltstack(&off, NULL));
    signal(SIGSEGV, SIG_DFL);
}

TAP_MAIN(handlers_run_on_the_other_stack_if_they_ask, impossible_stacks_are_refused,
         registers_survive_handlers, a_handler_can_change_what_it_returns_to,
         no_stack_for_the_handler_ends_the_process, a_stack_that_is_gone_ends_the_process,
         overflows_are_handled_again_and_again)
