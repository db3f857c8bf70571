/* Signals, stopping, time: scenarios of one thing each. */
#include "scene.h"
#include <proto/procfs.h>

static void handler_interrupts_wait(void **state)
{
    struct process *child = fork_of(first);

    handle(first, SIG_TERM, 0, 0);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 4), PARKED);
    assert_int_equal(CALL(child, kill, 1, SIG_TERM), 0);
    assert_int_equal(fake_thread(first)->answer, ERR_INTR);
    assert_int_equal(fake_thread(first)->upcalls, 1);
    assert_int_equal(fake_thread(first)->last_signal, SIG_TERM);
    assert_int_equal(fake_thread(first)->last_from, child->pid);
}

static void handler_masks_itself_until_it_returns(void **state)
{
    CALL(first, sigmask, 1, SIGNAL_BIT(SIG_HUP));
    handle(first, SIG_INT, 0, SIGNAL_BIT(SIG_TERM));
    CALL(first, kill, 1, SIG_INT);
    assert_int_equal(fake_thread(first)->upcalls, 1);
    assert_int_equal(fake_thread(first)->last_mask, SIGNAL_BIT(SIG_HUP));
    CALL(first, kill, 1, SIG_INT);
    assert_int_equal(fake_thread(first)->upcalls, 1);
    assert_int_equal(first->mask, SIGNAL_BIT(SIG_INT) | SIGNAL_BIT(SIG_TERM) | SIGNAL_BIT(SIG_HUP));
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
    assert_int_equal(CALL(first, kill, 1, NSIGNALS), ERR_INVAL);
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
    signal_send(&service, first, &(struct signal_info){.signal = SIG_INT});
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

/* In a background group of its own, in a call on the terminal. */
static struct process *background_child(void)
{
    struct process *child = fork_of(first);

    CALL(first, setpgid, child->pid, child->pid);
    fake_settle();
    fake_thread(child)->state = THREAD_CALLING;
    fake_thread(child)->in_files = true;
    return child;
}

static void background_reader_stops_and_is_let_go_by_sigcont(void **state)
{
    struct process *child = background_child();
    uint64_t held;

    for (int times = 0; times < 2; times++) {
        assert_int_equal(signal_background(&service, child, SIG_TTIN, &held), 0);
        assert_true(held && child->stopped);
        fake.now += 100;
        calls_tick(&service);
        assert_int_equal(fake.nposts, 0);
        CALL(first, kill, child->pid, SIG_CONT);
        assert_false(child->stopped);
        fake_settle();
        assert_int_equal(fake_thread(child)->state, THREAD_USER);
        fake_thread(child)->state = THREAD_CALLING;
        fake_thread(child)->in_files = true;
    }
}

static void background_reader_with_a_handler_gets_to_it(void **state)
{
    struct process *child = background_child();
    uint64_t held;

    child->action[SIG_TTIN] = (struct action){.disposition = SIG_HANDLED};
    child->entry = 0x4000;
    assert_int_equal(signal_background(&service, child, SIG_TTIN, &held), 0);
    assert_true(held);
    fake_settle();
    assert_int_equal(fake_thread(child)->upcalls, 1);
    assert_int_equal(fake_thread(child)->state, THREAD_USER);
}

static void who_does_not_care_is_not_signalled(void **state)
{
    struct process *child = background_child();
    uint64_t held;

    child->action[SIG_TTOU].disposition = SIG_IGNORED;
    child->mask = SIGNAL_BIT(SIG_TTIN);
    assert_int_equal(signal_background(&service, child, SIG_TTOU, &held), 0);
    assert_false(held);
    assert_int_equal(signal_background(&service, child, SIG_TTIN, &held), 0);
    assert_false(held || child->pending);
}

static void orphaned_group_gets_an_error(void **state)
{
    struct process *child = background_child();
    uint64_t held;

    child->adopted = true;
    assert_int_equal(signal_background(&service, child, SIG_TTIN, &held), ERR_IO);
    assert_false(held || child->stopped);
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
    assert_int_equal(fake_thread(first)->word[0], 29); /* by the clock, not from when it was seen */
    assert_int_equal(fake_thread(first)->word[1], 30);
}

static void ignored_children_are_not_kept(void **state)
{
    struct process *child = fork_of(first);

    CALL(first, sigaction, SIG_CHLD, SIG_IGNORED);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 4), PARKED);
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
    assert_int_equal(fake_thread(first)->last_from, pid | 9UL << 32);
    assert_int_equal(fake_thread(first)->last_code, CLD_EXITED);
}

static void stopped_orphans_hang_up(void **state)
{
    struct process *leader = fork_of(first), *middle, *child;

    CALL(leader, setsid, 0);
    middle = fork_of(leader);
    CALL(middle, setpgid, 0, 0);
    child = fork_of(middle);
    handle(child, SIG_HUP, 0, 0);
    CALL(leader, kill, child->pid, SIG_STOP);
    exit_of(middle, 0);
    assert_false(child->stopped);
    assert_int_equal(fake_thread(child)->last_signal, SIG_HUP);
    CALL(leader, kill, child->pid, SIG_STOP);
    exit_of(leader, 0);
    assert_true(child->stopped);
}

static void stopped_children_of_an_ended_leader_hang_up(void **state)
{
    struct process *leader = fork_of(first), *child;

    CALL(leader, setsid, 0);
    child = fork_of(leader);
    CALL(child, setpgid, 0, 0);
    CALL(leader, kill, child->pid, SIG_STOP);
    exit_of(leader, 0);
    fake_settle();
    assert_int_equal(service.nused, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
        TEST(background_reader_stops_and_is_let_go_by_sigcont),
        TEST(background_reader_with_a_handler_gets_to_it),
        TEST(who_does_not_care_is_not_signalled),
        TEST(orphaned_group_gets_an_error),
        TEST(stopped_orphans_hang_up),
        TEST(stopped_children_of_an_ended_leader_hang_up),
        TEST(stop_during_fork_holds_afterwards),
        TEST(sleeping_and_alarm),
        TEST(ignored_children_are_not_kept),
        TEST(child_tells_its_parent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
