/* Signals as POSIX describes them: what is sent to whom, what a handler is told, which signals wait,
 * in which order they come, what fork and exec keep. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SEEN 256
static siginfo_t seen[SEEN];
static volatile int nseen;
static sigset_t mask_inside;

static void note(int sig, siginfo_t *info, void *context)
{
    sigprocmask(SIG_BLOCK, NULL, &mask_inside);
    if (nseen < SEEN)
        seen[nseen] = *info;
    nseen++;
}

static void handle(int sig, int flags, sigset_t mask)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | flags, .sa_mask = mask};

    action.sa_sigaction = note;
    nseen = 0;
    sigaction(sig, &action, NULL);
}

static sigset_t set_of(int sig)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, sig);
    return set;
}

static sigset_t block(int sig)
{
    sigset_t set = set_of(sig), before;

    sigprocmask(SIG_BLOCK, &set, &before);
    return before;
}

static void restore(sigset_t before)
{
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* --- what a handler is told ------------------------------------------------------------------ */

static void kill_tells_who_sent(void)
{
    pid_t child;
    int status;

    handle(SIGUSR1, 0, 0);
    CHECK_OK(raise(SIGUSR1));
    CHECK_EQ(nseen, 1);
    CHECK_EQ(seen[0].si_signo, SIGUSR1);
    CHECK_EQ(seen[0].si_code, SI_USER);
    CHECK_EQ(seen[0].si_pid, getpid());
    CHECK_EQ(seen[0].si_uid, getuid());
    child = fork();
    if (child == 0)
        _exit(kill(getppid(), SIGUSR1) != 0);
    CHECK(waitpid(child, &status, 0) == child || errno == EINTR);
    CHECK_EQ(nseen, 2);
    CHECK_EQ(seen[1].si_pid, child);
    waitpid(child, &status, 0);
}

static void sigqueue_carries_a_value(void)
{
    int there;

    handle(SIGUSR2, 0, 0);
    CHECK_OK(sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = -5}));
    CHECK_EQ(nseen, 1);
    CHECK_EQ(seen[0].si_code, SI_QUEUE);
    CHECK_EQ(seen[0].si_value.sival_int, -5);
    CHECK_EQ(seen[0].si_pid, getpid());
    CHECK_OK(sigqueue(getpid(), SIGUSR2, (union sigval){.sival_ptr = &there}));
    CHECK(seen[1].si_value.sival_ptr == &there);
    CHECK_OK(sigqueue(getpid(), 0, (union sigval){0}));
    CHECK_FAILS(sigqueue(getpid(), NSIG, (union sigval){0}), EINVAL);
    CHECK_FAILS(sigqueue(getpid(), -1, (union sigval){0}), EINVAL);
    CHECK_FAILS(sigqueue(30000, 0, (union sigval){0}), ESRCH);
}

static int child_status;

static void children(int end, int code, int told)
{
    pid_t child;

    handle(SIGCHLD, SA_RESTART, 0);
    child = fork();
    if (child == 0) {
        if (end == 0)
            _exit(told);
        kill(getpid(), end);
        for (;;)
            pause();
    }
    CHECK(waitpid(child, &child_status, WUNTRACED) == child);
    CHECK_EQ(nseen, 1);
    CHECK_EQ(seen[0].si_signo, SIGCHLD);
    CHECK_EQ(seen[0].si_code, code);
    CHECK_EQ(seen[0].si_status, told);
    CHECK_EQ(seen[0].si_pid, child);
    CHECK_EQ(seen[0].si_uid, getuid());
    if (end == SIGSTOP) {
        CHECK_OK(kill(child, SIGCONT));
        CHECK(waitpid(child, &child_status, WCONTINUED) == child);
        CHECK_EQ(seen[1].si_code, CLD_CONTINUED);
        CHECK_EQ(seen[1].si_status, SIGCONT);
        kill(child, SIGKILL);
        CHECK(waitpid(child, &child_status, 0) == child);
        CHECK_EQ(seen[2].si_code, CLD_KILLED);
        CHECK_EQ(seen[2].si_status, SIGKILL);
    }
}

static void sigchld_tells_how_a_child_changed(void)
{
    children(0, CLD_EXITED, 7);
    CHECK_STILL_GOOD();
    children(SIGTERM, CLD_KILLED, SIGTERM);
    CHECK_STILL_GOOD();
    children(SIGSTOP, CLD_STOPPED, SIGSTOP);
    signal(SIGCHLD, SIG_DFL);
}

static void stops_are_not_told_if_so_asked(void)
{
    pid_t child;
    int status;

    handle(SIGCHLD, SA_RESTART | SA_NOCLDSTOP, 0);
    child = fork();
    if (child == 0)
        for (;;)
            pause();
    kill(child, SIGSTOP);
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    kill(child, SIGCONT);
    CHECK(waitpid(child, &status, WCONTINUED) == child);
    CHECK_EQ(nseen, 0);
    kill(child, SIGKILL);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_EQ(nseen, 1);
    signal(SIGCHLD, SIG_DFL);
}

static void children_that_nobody_wants_leave_no_zombie(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};

    for (int i = 0; i < 2; i++) {
        if (i == 0)
            signal(SIGCHLD, SIG_IGN);
        else
            sigaction(SIGCHLD, &action, NULL);
        for (int n = 0; n < 3; n++)
            if (fork() == 0)
                _exit(1);
        CHECK_FAILS(wait(NULL), ECHILD);
        signal(SIGCHLD, SIG_DFL);
    }
}

/* --- masks and flags ------------------------------------------------------------------------- */

static void a_handler_runs_with_its_mask(void)
{
    sigset_t now;

    handle(SIGUSR1, 0, set_of(SIGTERM));
    raise(SIGUSR1);
    CHECK_EQ(sigismember(&mask_inside, SIGUSR1), 1);
    CHECK_EQ(sigismember(&mask_inside, SIGTERM), 1);
    CHECK_EQ(sigismember(&mask_inside, SIGINT), 0);
    sigprocmask(SIG_BLOCK, NULL, &now);
    CHECK_EQ(sigismember(&now, SIGUSR1), 0);
    handle(SIGUSR1, SA_NODEFER, 0);
    raise(SIGUSR1);
    CHECK_EQ(sigismember(&mask_inside, SIGUSR1), 0);
}

static volatile char *volatile page;

static void repair(int sig, siginfo_t *info, void *context)
{
    note(sig, info, context);
    mprotect((void *)page, 4096, PROT_READ | PROT_WRITE);
}

static void a_handler_of_a_bad_access_runs_with_its_mask(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO, .sa_mask = set_of(SIGTERM)};
    sigset_t now;

    action.sa_sigaction = repair;
    nseen = 0;
    CHECK_OK(sigaction(SIGSEGV, &action, NULL));
    page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[5] = 1;
    CHECK_EQ(nseen, 1);
    CHECK(seen[0].si_addr == page + 5);
    CHECK_EQ(seen[0].si_code, SEGV_ACCERR);
    CHECK_EQ(sigismember(&mask_inside, SIGSEGV), 1);
    CHECK_EQ(sigismember(&mask_inside, SIGTERM), 1);
    sigprocmask(SIG_BLOCK, NULL, &now);
    CHECK_EQ(sigismember(&now, SIGSEGV) + sigismember(&now, SIGTERM), 0);
    munmap((void *)page, 4096);
    signal(SIGSEGV, SIG_DFL);
}

static void kill_and_stop_are_never_blocked(void)
{
    sigset_t all, before, now;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    sigprocmask(SIG_BLOCK, NULL, &now);
    restore(before);
    CHECK_EQ(sigismember(&now, SIGKILL), 0);
    CHECK_EQ(sigismember(&now, SIGSTOP), 0);
    CHECK_EQ(sigismember(&now, SIGRTMAX), 1);
}

static void masks_are_changed_in_three_ways(void)
{
    sigset_t one = set_of(SIGUSR1), two = set_of(SIGUSR2), before, now;

    CHECK_OK(sigprocmask(SIG_SETMASK, &one, &before));
    CHECK_OK(sigprocmask(SIG_BLOCK, &two, &now));
    CHECK(now == one);
    CHECK_OK(sigprocmask(SIG_UNBLOCK, &one, &now));
    CHECK(now == (one | two));
    CHECK_OK(sigprocmask(77, NULL, &now));
    CHECK(now == two);
    CHECK_FAILS(sigprocmask(77, &one, NULL), EINVAL);
    restore(before);
}

static void sets_know_their_members(void)
{
    sigset_t set;

    CHECK_OK(sigemptyset(&set));
    for (int sig = 1; sig < NSIG; sig++) {
        CHECK_EQ(sigismember(&set, sig), 0);
        CHECK_OK(sigaddset(&set, sig));
        CHECK_EQ(sigismember(&set, sig), 1);
        CHECK_OK(sigdelset(&set, sig));
        CHECK_EQ(sigismember(&set, sig), 0);
    }
    CHECK_OK(sigfillset(&set));
    CHECK_EQ(sigismember(&set, SIGRTMAX), 1);
    CHECK_FAILS(sigaddset(&set, NSIG), EINVAL);
    CHECK_FAILS(sigdelset(&set, 0), EINVAL);
    CHECK_FAILS(sigismember(&set, -1), EINVAL);
}

static void a_reset_handler_is_told_of(void)
{
    struct sigaction old;

    handle(SIGUSR1, SA_RESETHAND, 0);
    CHECK_OK(sigaction(SIGUSR1, NULL, &old));
    CHECK(old.sa_sigaction == note);
    CHECK_EQ(old.sa_flags, SA_SIGINFO | SA_RESETHAND);
    raise(SIGUSR1);
    CHECK_EQ(nseen, 1);
    CHECK_OK(sigaction(SIGUSR1, NULL, &old));
    CHECK(old.sa_handler == SIG_DFL);
}

static void sigset_unblocks_or_holds(void)
{
    sigset_t now;

    CHECK(sigset(SIGUSR1, SIG_IGN) != SIG_ERR);
    CHECK(sigset(SIGUSR1, SIG_HOLD) == SIG_IGN);
    sigprocmask(SIG_BLOCK, NULL, &now);
    CHECK_EQ(sigismember(&now, SIGUSR1), 1);
    CHECK(sigset(SIGUSR1, SIG_DFL) == SIG_HOLD);
    sigprocmask(SIG_BLOCK, NULL, &now);
    CHECK_EQ(sigismember(&now, SIGUSR1), 0);
    CHECK(sigset(SIGKILL, SIG_IGN) == SIG_ERR && errno == EINVAL);
    CHECK(sigset(0, SIG_DFL) == SIG_ERR && errno == EINVAL);
    CHECK_OK(sighold(SIGUSR2));
    CHECK_OK(sigrelse(SIGUSR2));
    CHECK_OK(sigignore(SIGUSR2));
    CHECK(sigset(SIGUSR2, SIG_DFL) == SIG_IGN);
}

static void what_is_pending_can_be_asked(void)
{
    sigset_t before = block(SIGUSR1), pending;

    handle(SIGUSR1, 0, 0);
    block(SIGRTMIN);
    signal(SIGUSR2, SIG_IGN);
    block(SIGUSR2);
    raise(SIGUSR1);
    raise(SIGRTMIN);
    CHECK_OK(sigpending(&pending));
    CHECK_EQ(sigismember(&pending, SIGUSR1), 1);
    CHECK_EQ(sigismember(&pending, SIGRTMIN), 1);
    CHECK_EQ(sigismember(&pending, SIGTERM), 0);
    signal(SIGRTMIN, SIG_IGN); /* what is ignored is forgotten */
    CHECK_OK(sigpending(&pending));
    CHECK_EQ(sigismember(&pending, SIGRTMIN), 0);
    restore(before);
    CHECK_EQ(nseen, 1);
    signal(SIGRTMIN, SIG_DFL);
    signal(SIGUSR2, SIG_DFL);
}

/* --- real-time signals ----------------------------------------------------------------------- */

static void real_time_signals_queue_with_their_values(void)
{
    sigset_t before = block(SIGRTMIN + 1);

    block(SIGRTMIN);
    block(SIGRTMAX);
    handle(SIGRTMAX, 0, ~0UL);
    handle(SIGRTMIN, 0, ~0UL);
    handle(SIGRTMIN + 1, 0, ~0UL);
    for (int i = 0; i < 10; i++) {
        CHECK_OK(sigqueue(getpid(), SIGRTMAX, (union sigval){.sival_int = 200 + i}));
        CHECK_OK(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 100 + i}));
        CHECK_OK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i}));
    }
    restore(before);
    CHECK_EQ(nseen, 30);
    for (int i = 0; i < 30; i++) {
        CHECK_EQ(seen[i].si_signo, i < 10 ? SIGRTMIN : i < 20 ? SIGRTMIN + 1 : SIGRTMAX);
        CHECK_EQ(seen[i].si_value.sival_int, i / 10 * 100 + i % 10);
    }
}

static void the_queue_has_a_limit(void)
{
    sigset_t before = block(SIGRTMIN);
    int n = 0;

    handle(SIGRTMIN, 0, 0);
    while (n < 1000 && sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = n}) == 0)
        n++;
    CHECK_EQ(errno, EAGAIN);
    CHECK_EQ(n, SIGQUEUE_MAX);
    CHECK_EQ(sysconf(_SC_SIGQUEUE_MAX), SIGQUEUE_MAX);
    CHECK_OK(kill(getpid(), SIGRTMIN)); /* kill succeeds all the same */
    restore(before);
    CHECK_EQ(nseen, SIGQUEUE_MAX);
    for (int i = 0; i < SIGQUEUE_MAX; i++)
        CHECK_EQ(seen[i].si_value.sival_int, i);
}

static void standard_signals_are_one_however_often_sent(void)
{
    sigset_t before = block(SIGUSR1);

    handle(SIGUSR1, 0, 0);
    for (int i = 0; i < 5; i++)
        CHECK_OK(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = i}));
    restore(before);
    CHECK_EQ(nseen, 1);
    CHECK_EQ(seen[0].si_value.sival_int, 0);
}

/* --- taking signals -------------------------------------------------------------------------- */

static void sigwaitinfo_tells_all(void)
{
    sigset_t set = set_of(SIGRTMIN + 2), before = block(SIGRTMIN + 2);
    siginfo_t info;

    sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 77});
    sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 78});
    CHECK_EQ(sigwaitinfo(&set, &info), SIGRTMIN + 2);
    CHECK_EQ(info.si_signo, SIGRTMIN + 2);
    CHECK_EQ(info.si_code, SI_QUEUE);
    CHECK_EQ(info.si_value.sival_int, 77);
    CHECK_EQ(info.si_pid, getpid());
    CHECK_EQ(sigtimedwait(&set, &info, &(struct timespec){0, 0}), SIGRTMIN + 2);
    CHECK_EQ(info.si_value.sival_int, 78);
    CHECK_FAILS(sigtimedwait(&set, &info, &(struct timespec){0, 0}), EAGAIN);
    CHECK_FAILS(sigtimedwait(&set, &info, &(struct timespec){0, 20000000}), EAGAIN);
    CHECK_FAILS(sigtimedwait(&set, &info, &(struct timespec){0, -1}), EINVAL);
    restore(before);
}

static void sigwait_takes_the_lowest(void)
{
    sigset_t set = set_of(SIGRTMIN) | set_of(SIGRTMAX) | set_of(SIGTERM), before;
    int got;

    sigprocmask(SIG_BLOCK, &set, &before);
    raise(SIGRTMAX);
    raise(SIGRTMIN);
    raise(SIGTERM);
    CHECK_EQ(sigwait(&set, &got), 0);
    CHECK_EQ(got, SIGTERM);
    CHECK_EQ(sigwait(&set, &got), 0);
    CHECK_EQ(got, SIGRTMIN);
    CHECK_EQ(sigwait(&set, &got), 0);
    CHECK_EQ(got, SIGRTMAX);
    restore(before);
}

/* --- nested, jumped out of ------------------------------------------------------------------- */

static volatile int depth, deepest;

static void nest(int sig)
{
    depth++;
    deepest = depth > deepest ? depth : deepest;
    if (depth < 5)
        raise(SIGRTMIN + depth);
    depth--;
}

static void handlers_nest(void)
{
    double kept = 1.5;

    for (int i = 0; i < 5; i++)
        signal(SIGRTMIN + i, nest);
    raise(SIGRTMIN);
    CHECK_EQ(deepest, 5);
    CHECK_EQ(depth, 0);
    CHECK(kept == 1.5);
    for (int i = 0; i < 5; i++)
        signal(SIGRTMIN + i, SIG_DFL);
}

static sigjmp_buf back;

static void jump(int sig)
{
    siglongjmp(back, sig);
}

static void a_jump_restores_the_mask_if_it_was_saved(void)
{
    sigset_t now;

    signal(SIGUSR1, jump);
    if (sigsetjmp(back, 1) == 0)
        raise(SIGUSR1);
    sigprocmask(SIG_BLOCK, NULL, &now);
    CHECK_EQ(sigismember(&now, SIGUSR1), 0);
    if (sigsetjmp(back, 0) == 0)
        raise(SIGUSR1);
    sigprocmask(SIG_BLOCK, NULL, &now);
    CHECK_EQ(sigismember(&now, SIGUSR1), 1);
    sigdelset(&now, SIGUSR1);
    restore(now);
    signal(SIGUSR1, SIG_DFL);
}

static void illegal(int sig, siginfo_t *info, void *context)
{
    note(sig, info, context);
    siglongjmp(back, 1);
}

static void an_illegal_instruction_is_told(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO};

    action.sa_sigaction = illegal;
    nseen = 0;
    sigaction(SIGILL, &action, NULL);
    for (volatile int i = 0; i < 2; i++)
        if (sigsetjmp(back, 1) == 0)
            __asm__ volatile(".word 0");
    CHECK_EQ(nseen, 2);
    CHECK_EQ(seen[1].si_code, ILL_ILLOPC);
    signal(SIGILL, SIG_DFL);
}

TAP_MAIN(kill_tells_who_sent, sigqueue_carries_a_value, sigchld_tells_how_a_child_changed,
         stops_are_not_told_if_so_asked, children_that_nobody_wants_leave_no_zombie,
         a_handler_runs_with_its_mask, a_handler_of_a_bad_access_runs_with_its_mask,
         kill_and_stop_are_never_blocked, masks_are_changed_in_three_ways, sets_know_their_members,
         a_reset_handler_is_told_of, sigset_unblocks_or_holds, what_is_pending_can_be_asked,
         real_time_signals_queue_with_their_values, the_queue_has_a_limit,
         standard_signals_are_one_however_often_sent, sigwaitinfo_tells_all, sigwait_takes_the_lowest,
         handlers_nest, a_jump_restores_the_mask_if_it_was_saved, an_illegal_instruction_is_told)
