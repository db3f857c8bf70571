/* Processes, waiting, signals: scenarios of one thing each. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include <proto/fsproc.h>
#include <proto/pagerproc.h>
#include <proto/procfs.h>
#include <proto/procpager.h>
#include <servers/proc/args.h>
#include <servers/proc/report.h>
#include "fake_kern.h"

static struct proc_service service;
static struct process *first;

#define CALL(p, name, ...)                                                                         \
    fake_call(p, proc_OP_##name, (uint64_t[4]){__VA_ARGS__},                                       \
              proc_words(proc_OP_##name).req > 4 ? 4 : proc_words(proc_OP_##name).req)

static struct process *by_pid(uint64_t pid)
{
    return table_find(&service, (uint32_t)pid);
}

static int setup(void **state)
{
    fake_start(&service, 8);
    life_first(&service);
    fake_settle();
    first = by_pid(1);
    assert_int_equal(fake_thread(first)->state, THREAD_USER);
    CALL(first, signal_entry, 0x4000);
    return 0;
}

static struct process *fork_of(struct process *p)
{
    assert_int_equal(CALL(p, fork, 0), PARKED);
    fake_settle();
    assert_int_equal(fake_thread(p)->answer, 0);
    return by_pid(fake_thread(p)->word[0]);
}

/* wait() that finds something at once. */
static uint64_t reap(struct process *p, int64_t pid, uint64_t options, uint64_t *status)
{
    assert_int_equal(CALL(p, wait, (uint64_t)pid, options), 0);
    *status = fake_thread(p)->word[1];
    return fake_thread(p)->word[0];
}

static void exit_of(struct process *p, unsigned code)
{
    CALL(p, exit, code);
    fake_settle();
}

static void handle(struct process *p, unsigned signal, unsigned flags, uint32_t mask)
{
    assert_int_equal(CALL(p, sigaction, signal, SIG_HANDLED, flags, mask), 0);
}

/* --- life ------------------------------------------------------------------------------------ */

static void child_runs_and_is_waited_for(void **state)
{
    struct process *child = fork_of(first);
    uint64_t pid = child->pid;

    assert_int_equal(fake_thread(child)->state, THREAD_USER);
    assert_int_equal(child->pgid, first->pgid);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 0), PARKED);
    exit_of(child, 7);
    assert_int_equal(fake_thread(first)->answer, 0);
    assert_int_equal(fake_thread(first)->word[0], pid);
    assert_int_equal(fake_thread(first)->word[1], 7 << 8);
    assert_null(by_pid(pid));
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 0), ERR_CHILD);
}

static void wait_without_children_is_refused(void **state)
{
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 0), ERR_CHILD);
    fork_of(first);
    assert_int_equal(CALL(first, wait, 999, 0), ERR_CHILD);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 1), 0);
    assert_int_equal(fake_thread(first)->word[0], 0);
}

static void zombie_waits_to_be_reaped(void **state)
{
    struct process *child = fork_of(first);
    uint64_t pid = child->pid, status;

    exit_of(child, 3);
    assert_int_equal(by_pid(pid)->life, LIFE_ZOMBIE);
    assert_int_equal(reap(first, (int64_t)pid, 0, &status), pid);
    assert_int_equal(status, 3 << 8);
    assert_null(by_pid(pid));
}

static void failed_fork_leaves_nothing(void **state)
{
    for (int which = 0; which < 3; which++) {
        uint32_t used = service.nused;

        assert_int_equal(CALL(first, fork, 0), PARKED);
        assert_int_equal(fake.nposts, 2);
        fake_complete(1, which == 1 || which == 2 ? ERR_MFILE : 0);
        fake_complete(0, which == 0 || which == 2 ? ERR_NOMEM : 0);
        assert_int_equal(fake_thread(first)->answer, which == 0 ? ERR_NOMEM : ERR_MFILE);
        assert_int_equal(fake.nposts, which == 2 ? 0 : 1);
        if (which == 0)
            assert_int_equal(fake.post[0].op, procfs_OP_destroy);
        if (which == 1)
            assert_int_equal(fake.post[0].op, procpager_OP_destroy);
        fake_settle();
        assert_int_equal(service.nused, used);
    }
}

static void fork_without_capabilities_is_undone(void **state)
{
    fake.fail_prepare = ERR_NOMEM;
    assert_int_equal(CALL(first, fork, 0), PARKED);
    fake_settle();
    assert_int_equal(fake_thread(first)->answer, ERR_NOMEM);
    assert_int_equal(service.nused, 1);
}

static void no_slot_no_fork(void **state)
{
    for (int i = 0; i < 7; i++)
        fork_of(first);
    assert_int_equal(CALL(first, fork, 0), ERR_AGAIN);
}

static void parent_killed_while_it_forks(void **state)
{
    struct process *parent = fork_of(first);
    uint64_t pid = parent->pid;

    assert_int_equal(CALL(parent, fork, 0), PARKED);
    assert_int_equal(CALL(first, kill, pid, SIG_KILL), 0);
    assert_int_equal(parent->life, LIFE_ALIVE);
    assert_int_equal(fake.nposts, 2);
    fake_settle();
    assert_int_equal(by_pid(pid)->life, LIFE_ZOMBIE);
    assert_int_equal(by_pid(pid)->end_status, SIG_KILL);
    assert_int_equal(service.nused, 2);
}

static void group_signal_reaches_the_embryo(void **state)
{
    struct process *child = fork_of(first);
    uint64_t status;

    CALL(child, setpgid, 0, 0);
    fake_settle();
    assert_int_equal(CALL(child, fork, 0), PARKED);
    assert_int_equal(CALL(first, kill, (uint64_t)-(int64_t)child->pgid, SIG_TERM), 0);
    fake_settle();
    assert_int_equal(service.nused, 2);
    assert_int_equal(reap(first, -1, 0, &status), child->pid);
    assert_int_equal(status, SIG_TERM);
    assert_int_equal(service.nused, 1);
}

static void exec_replaces_and_resets_handlers(void **state)
{
    struct process *child = fork_of(first);

    handle(child, SIG_INT, 0, 0);
    assert_int_equal(CALL(child, sigaction, SIG_TERM, SIG_IGNORED), 0);
    assert_int_equal(CALL(child, exec, 0x40000000, 4096, 3, 0), PARKED);
    fake_settle();
    assert_int_equal(fake_thread(child)->state, THREAD_USER);
    assert_int_equal(child->action[SIG_INT].disposition, SIG_DEFAULT);
    assert_int_equal(child->action[SIG_TERM].disposition, SIG_IGNORED);
    assert_int_equal(child->entry, 0);
}

static void failed_exec_comes_back(void **state)
{
    assert_int_equal(CALL(first, exec, 0x40000001, 4096, 3, 0), ERR_INVAL);
    assert_int_equal(CALL(first, exec, 0x40000000, 4096, 3, 0), PARKED);
    fake_complete(0, ERR_NOMEM);
    assert_int_equal(fake_thread(first)->answer, ERR_NOMEM);
    assert_int_equal(fake.nposts, 0);
}

static void killed_at_each_step_of_exec(void **state)
{
    for (int step = 0; step < 2; step++) {
        struct process *child = fork_of(first);
        uint64_t status;

        CALL(child, exec, 0x40000000, 4096, 3, 0);
        if (step)
            fake_complete(0, 0);
        CALL(first, kill, child->pid, SIG_KILL);
        fake_settle();
        assert_int_equal(reap(first, -1, 0, &status), child->pid);
        assert_int_equal(status, SIG_KILL);
    }
}

static void orphans_are_adopted_and_vanish(void **state)
{
    struct process *middle = fork_of(first);
    struct process *orphan = fork_of(middle);
    struct process *dead = fork_of(middle);
    uint64_t status;

    exit_of(dead, 0);
    exit_of(middle, 0);
    assert_ptr_equal(orphan->parent, first);
    assert_int_equal(reap(first, -1, 0, &status), middle->pid);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 0), ERR_CHILD);
    exit_of(orphan, 0);
    assert_int_equal(service.nused, 1);
}

static void end_of_the_first_process_ends_the_system(void **state)
{
    exit_of(first, 5);
    assert_int_equal(fake.shutdowns, 1);
    assert_int_equal(fake.shutdown_status, 5);
}

static void first_process_ended_by_a_signal(void **state)
{
    CALL(first, kill, 1, SIG_SEGV);
    fake_settle();
    assert_int_equal(fake.shutdown_status, 128 + SIG_SEGV);
}

static void quiesce_ends_everybody(void **state)
{
    struct process *child = fork_of(first);

    CALL(child, fork, 0);
    life_quiesce(&service, 77);
    assert_int_equal(fake.quiesced, 0);
    fake_settle();
    assert_int_equal(fake.quiesced, 1);
    assert_int_equal(fake.quiesced_head, 77);
}

/* --- signals --------------------------------------------------------------------------------- */

static void handler_interrupts_wait(void **state)
{
    struct process *child = fork_of(first);

    handle(first, SIG_TERM, 0, 0);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 0), PARKED);
    assert_int_equal(CALL(child, kill, 1, SIG_TERM), 0);
    assert_int_equal(fake_thread(first)->answer, ERR_INTR);
    assert_int_equal(fake_thread(first)->upcalls, 1);
    assert_int_equal(fake_thread(first)->last_signal, SIG_TERM);
    assert_int_equal(fake_thread(first)->last_value, child->pid);
}

static void handler_masks_itself_until_it_returns(void **state)
{
    handle(first, SIG_INT, 0, SIGNAL_BIT(SIG_TERM));
    CALL(first, kill, 1, SIG_INT);
    assert_int_equal(fake_thread(first)->upcalls, 1);
    assert_int_equal(fake_thread(first)->last_mask, 0);
    CALL(first, kill, 1, SIG_INT);
    assert_int_equal(fake_thread(first)->upcalls, 1);
    assert_int_equal(first->mask, SIGNAL_BIT(SIG_INT) | SIGNAL_BIT(SIG_TERM));
    CALL(first, sigreturn, 0);
    assert_int_equal(fake_thread(first)->upcalls, 2);
}

static void flags_of_handlers_are_kept(void **state)
{
    handle(first, SIG_INT, ACTION_NODEFER | ACTION_RESETHAND, 0);
    CALL(first, kill, 1, SIG_INT);
    assert_int_equal(first->mask, 0);
    assert_int_equal(first->action[SIG_INT].disposition, SIG_DEFAULT);
    CALL(first, kill, 1, SIG_INT);
    assert_int_equal(first->life, LIFE_ENDING);
}

static void blocked_signal_stays_pending(void **state)
{
    struct process *child = fork_of(first);

    CALL(child, sigmask, 1, SIGNAL_BIT(SIG_TERM) | SIGNAL_BIT(SIG_KILL));
    assert_int_equal(child->mask, SIGNAL_BIT(SIG_TERM));
    CALL(first, kill, child->pid, SIG_TERM);
    CALL(child, sigpending, 0);
    assert_int_equal(fake_thread(child)->word[0], SIGNAL_BIT(SIG_TERM));
    CALL(child, sigmask, 2, SIGNAL_BIT(SIG_TERM));
    assert_int_equal(child->life, LIFE_ENDING);
}

static void ignored_signals_do_nothing(void **state)
{
    CALL(first, sigaction, SIG_TERM, SIG_IGNORED);
    CALL(first, kill, 1, SIG_TERM);
    CALL(first, kill, 1, SIG_CHLD);
    assert_int_equal(first->pending, 0);
    assert_int_equal(first->life, LIFE_ALIVE);
    assert_int_equal(CALL(first, sigaction, SIG_KILL, SIG_IGNORED), ERR_INVAL);
    assert_int_equal(CALL(first, kill, 1, 32), ERR_INVAL);
    assert_int_equal(CALL(first, kill, 777, 0), ERR_SRCH);
    assert_int_equal(CALL(first, kill, 1, 0), 0);
}

static void call_to_fs_is_interrupted_by_a_handler(void **state)
{
    struct process *child = fork_of(first);

    handle(child, SIG_INT, 0, 0);
    fake_thread(child)->state = THREAD_CALLING;
    fake_thread(child)->in_files = true;
    CALL(first, kill, child->pid, SIG_INT);
    assert_int_equal(fake.nposts, 1);
    assert_int_equal(fake.post[0].op, procfs_OP_interrupt);
    assert_int_equal(fake.post[0].req[0], child->badge);
}

static void busy_upcall_is_tried_again(void **state)
{
    handle(first, SIG_INT, 0, 0);
    fake_thread(first)->upcall_pending = true;
    signal_send(&service, first, (struct signal_info){SIG_INT, 0, 0});
    assert_int_equal(fake_thread(first)->upcalls, 0);
    fake_thread(first)->upcall_pending = false;
    fake.now += 100;
    calls_tick(&service);
    assert_int_equal(fake_thread(first)->upcalls, 1);
    assert_int_equal(first->pending, 0);
}

static void sigsuspend_ends_with_the_handler(void **state)
{
    struct process *child = fork_of(first);

    handle(first, SIG_INT, 0, 0);
    CALL(first, sigmask, 1, SIGNAL_BIT(SIG_INT));
    assert_int_equal(CALL(first, sigsuspend, 0), PARKED);
    CALL(child, kill, 1, SIG_INT);
    assert_int_equal(fake_thread(first)->answer, ERR_INTR);
    assert_int_equal(fake_thread(first)->last_mask, SIGNAL_BIT(SIG_INT));
    CALL(first, sigmask, 1, SIGNAL_BIT(SIG_INT));
    CALL(first, kill, 1, SIG_INT);
    assert_int_equal(CALL(first, sigsuspend, 0), PARKED);
    assert_int_equal(fake_thread(first)->answer, ERR_INTR);
}

static void sigwait_takes_blocked_signals(void **state)
{
    struct process *child = fork_of(first);

    CALL(first, sigmask, 1, SIGNAL_BIT(SIG_INT));
    assert_int_equal(CALL(first, sigwait, SIGNAL_BIT(SIG_INT), ~0UL), PARKED);
    CALL(child, kill, 1, SIG_INT);
    assert_int_equal(fake_thread(first)->answer, 0);
    assert_int_equal(fake_thread(first)->word[0], SIG_INT);
    assert_int_equal(fake_thread(first)->word[2], child->pid);
    assert_int_equal(CALL(first, sigwait, SIGNAL_BIT(SIG_INT), fake.now + 5), PARKED);
    fake.now += 6;
    calls_tick(&service);
    assert_int_equal(fake_thread(first)->answer, ERR_AGAIN);
}

static void stop_and_continue_are_reported(void **state)
{
    struct process *child = fork_of(first);
    uint64_t status;

    assert_int_equal(CALL(first, wait, (uint64_t)-1, 2), PARKED);
    assert_int_equal(CALL(child, kill, child->pid, SIG_STOP), PARKED);
    assert_int_equal(fake_thread(first)->answer, 0);
    assert_int_equal(fake_thread(first)->word[1], 0x7f | SIG_STOP << 8);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 3), 0);
    assert_int_equal(fake_thread(first)->word[0], 0);
    CALL(first, kill, child->pid, SIG_TERM);
    assert_int_equal(child->life, LIFE_ALIVE);
    CALL(child->parent, kill, child->pid, SIG_CONT);
    assert_int_equal(child->life, LIFE_ENDING);
    fake_settle();
    assert_int_equal(reap(first, -1, 0, &status), child->pid);
    assert_int_equal(status, SIG_TERM);
}

static void running_thread_is_stopped_and_goes_on(void **state)
{
    struct process *child = fork_of(first);

    CALL(first, kill, child->pid, SIG_TSTP);
    assert_int_equal(fake_thread(child)->state, THREAD_STOPPED);
    CALL(first, kill, child->pid, SIG_CONT);
    assert_int_equal(fake_thread(child)->state, THREAD_USER);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 8), 0);
    assert_int_equal(fake_thread(first)->word[1], 0xffff);
}

static void thread_in_fs_is_stopped_once_it_is_out(void **state)
{
    struct process *child = fork_of(first);

    fake_thread(child)->state = THREAD_CALLING;
    fake_thread(child)->in_files = true;
    CALL(first, kill, child->pid, SIG_STOP);
    fake_settle();
    assert_int_equal(fake_thread(child)->state, THREAD_USER);
    fake.now += 100;
    calls_tick(&service);
    assert_int_equal(fake_thread(child)->state, THREAD_STOPPED);
}

static void stop_during_fork_holds_afterwards(void **state)
{
    struct process *child = fork_of(first);

    CALL(child, fork, 0);
    CALL(first, kill, child->pid, SIG_STOP);
    fake_settle();
    assert_int_equal(fake_thread(child)->state, THREAD_STOPPED);
}

static void sleeping_and_alarm(void **state)
{
    handle(first, SIG_ALRM, 0, 0);
    assert_int_equal(CALL(first, sleep, fake.now), 0);
    assert_int_equal(CALL(first, sleep, fake.now + 50), PARKED);
    fake.now += 51;
    calls_tick(&service);
    assert_int_equal(fake_thread(first)->answer, 0);
    CALL(first, itimer, 0, 20, 30);
    assert_int_equal(CALL(first, sleep, fake.now + 500), PARKED);
    fake.now += 21;
    calls_tick(&service);
    assert_int_equal(fake_thread(first)->answer, ERR_INTR);
    assert_int_equal(fake_thread(first)->last_code, CODE_TIMER);
    CALL(first, itimer, PROC_ITIMER_TELL, 0, 0);
    assert_int_equal(fake_thread(first)->word[0], 30);
    assert_int_equal(fake_thread(first)->word[1], 30);
}

static void ignored_children_are_not_kept(void **state)
{
    struct process *child = fork_of(first);

    CALL(first, sigaction, SIG_CHLD, SIG_IGNORED);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 0), PARKED);
    exit_of(child, 0);
    assert_int_equal(fake_thread(first)->answer, ERR_CHILD);
    assert_int_equal(service.nused, 1);
}

static void child_tells_its_parent(void **state)
{
    struct process *child = fork_of(first);
    uint64_t pid = child->pid;

    handle(first, SIG_CHLD, 0, 0);
    exit_of(child, 9);
    assert_int_equal(fake_thread(first)->last_signal, SIG_CHLD);
    assert_int_equal(fake_thread(first)->last_value, pid | 9UL << 32);
    assert_int_equal(fake_thread(first)->last_code, CLD_EXITED);
}

/* --- groups, peers, figures ------------------------------------------------------------------ */

static void groups_and_sessions(void **state)
{
    struct process *child = fork_of(first), *other = fork_of(first);

    assert_int_equal(CALL(first, setpgid, 0, 0), ERR_PERM);
    assert_int_equal(CALL(first, setsid, 0), ERR_PERM);
    assert_int_equal(CALL(first, setpgid, child->pid, child->pid), 0);
    assert_int_equal(CALL(first, setpgid, other->pid, child->pid), 0);
    assert_int_equal(CALL(first, setpgid, other->pid, 555), ERR_PERM);
    assert_int_equal(CALL(child, setpgid, other->pid, 0), ERR_SRCH);
    assert_int_equal(CALL(child, setsid, 0), ERR_PERM);
    fake_settle();
    assert_int_equal(CALL(first, kill, (uint64_t)-(int64_t)child->pid, SIG_KILL), 0);
    fake_settle();
    assert_int_equal(child->life, LIFE_ZOMBIE);
    assert_int_equal(other->life, LIFE_ZOMBIE);
}

static void text_of_bad_accesses(void **state)
{
    char line[200];
    size_t n;
    struct pagerproc_died_req died = {.signal = SIG_SEGV, .why = DEATH_NO_MAPPING, .scause = 15,
                                      .sepc = 0x12a4, .stval = 0x4008};

    strcpy(first->name, "demo");
    n = report_death(line, sizeof line, first, &died);
    assert_int_equal(n, strlen(line));
    assert_string_equal(line, "demo[1]: segmentation fault: store to unmapped address 0x4008: "
                              "scause=0xf sepc=0x12a4 stval=0x4008\n");
    died.why = DEATH_OOM;
    report_death(line, sizeof line, first, &died);
    assert_string_equal(line, "demo[1]: killed: out of memory and swap\n");
    assert_int_equal(report_death(line, 10, first, &died), 9);
}

static void arguments_of_the_first_process(void **state)
{
    static uint64_t out[512];
    const struct exec_args *args = (const struct exec_args *)out;
    const char *base = (const char *)out;
    size_t n = args_build("ls\0-l\0", 7, out, sizeof out);

    assert_true(n > 0 && args->argc == 3 && args->bytes == 4096 && args->fd == ~0UL);
    assert_string_equal(base + args->path, "/bin/ls");
    assert_string_equal(base + ((const uint64_t *)(base + args->argv))[1], "-l");
    assert_string_equal(base + ((const uint64_t *)(base + args->argv))[2], "");
    assert_int_equal(((const uint64_t *)(base + args->argv))[3], 0);
    assert_string_equal(base + ((const uint64_t *)(base + args->envp))[0], "PATH=/bin");
    args_build(NULL, 0, out, sizeof out);
    assert_string_equal(base + args->path, "/bin/sh");
    assert_int_equal(args_build("a", 1, out, sizeof out), 0);
    for (size_t max = 0; max < n; max++)
        assert_int_equal(args_build("ls\0-l\0", 7, out, max), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(child_runs_and_is_waited_for),
        TEST(wait_without_children_is_refused),
        TEST(zombie_waits_to_be_reaped),
        TEST(failed_fork_leaves_nothing),
        TEST(fork_without_capabilities_is_undone),
        TEST(no_slot_no_fork),
        TEST(parent_killed_while_it_forks),
        TEST(group_signal_reaches_the_embryo),
        TEST(exec_replaces_and_resets_handlers),
        TEST(failed_exec_comes_back),
        TEST(killed_at_each_step_of_exec),
        TEST(orphans_are_adopted_and_vanish),
        TEST(end_of_the_first_process_ends_the_system),
        TEST(first_process_ended_by_a_signal),
        TEST(quiesce_ends_everybody),
        TEST(handler_interrupts_wait),
        TEST(handler_masks_itself_until_it_returns),
        TEST(flags_of_handlers_are_kept),
        TEST(blocked_signal_stays_pending),
        TEST(ignored_signals_do_nothing),
        TEST(call_to_fs_is_interrupted_by_a_handler),
        TEST(busy_upcall_is_tried_again),
        TEST(sigsuspend_ends_with_the_handler),
        TEST(sigwait_takes_blocked_signals),
        TEST(stop_and_continue_are_reported),
        TEST(running_thread_is_stopped_and_goes_on),
        TEST(thread_in_fs_is_stopped_once_it_is_out),
        TEST(stop_during_fork_holds_afterwards),
        TEST(sleeping_and_alarm),
        TEST(ignored_children_are_not_kept),
        TEST(child_tells_its_parent),
        TEST(groups_and_sessions),
        TEST(text_of_bad_accesses),
        TEST(arguments_of_the_first_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
