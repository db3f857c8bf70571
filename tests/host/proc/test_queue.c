/* What waits with what it tells, and timers that send it: scenarios of one thing each. */
#include "scene.h"

static uint64_t taken(struct process *p, uint64_t set)
{
    assert_int_equal(CALL(p, sigwait, set, 0), 0);
    return fake_thread(p)->word[0];
}

static void queued_signals_come_in_order(void **state)
{
    uint64_t set = SIGNAL_BIT(40) | SIGNAL_BIT(33) | SIGNAL_BIT(SIG_TERM);

    CALL(first, sigmask, 1, set);
    for (uint64_t i = 0; i < 3; i++) {
        assert_int_equal(CALL(first, sigqueue, 1, 40, i), 0);
        assert_int_equal(CALL(first, sigqueue, 1, 33, 10 + i), 0);
        assert_int_equal(CALL(first, sigqueue, 1, SIG_TERM, 20 + i), 0);
    }
    assert_int_equal(first->nqueued, 7);
    assert_int_equal(taken(first, set), SIG_TERM);
    assert_int_equal(fake_thread(first)->word[3], 20);
    assert_int_equal((int)fake_thread(first)->word[1], CODE_QUEUE);
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(taken(first, set), i < 3 ? 33 : 40);
        assert_int_equal(fake_thread(first)->word[3], i < 3 ? 10 + i : i - 3);
    }
    assert_int_equal(CALL(first, sigwait, set, 0), ERR_AGAIN);
    assert_int_equal(first->nqueued, 0);
}

static void a_full_queue_refuses_sigqueue_not_kill(void **state)
{
    struct process *child = fork_of(first);

    CALL(first, sigmask, 1, ~0ul);
    for (unsigned i = 0; i < SIGNALS_QUEUED; i++)
        assert_int_equal(CALL(child, sigqueue, 1, 40, i), 0);
    assert_int_equal(CALL(child, sigqueue, 1, 40, 0), ERR_AGAIN);
    assert_int_equal(CALL(child, sigqueue, 1, 41, 0), ERR_AGAIN);
    assert_int_equal(CALL(child, kill, 1, 41), 0);
    assert_int_equal(CALL(child, kill, 1, SIG_TERM), 0);
    assert_int_equal(taken(first, SIGNAL_BIT(SIG_TERM)), SIG_TERM);
    assert_int_equal(fake_thread(first)->word[2], child->pid);
    assert_int_equal(taken(first, SIGNAL_BIT(41)), 41);
    assert_int_equal(fake_thread(first)->word[2], 0);
    assert_int_equal(CALL(child, sigqueue, 1, 64, 0), ERR_INVAL);
    assert_int_equal(CALL(child, sigqueue, 999, 40, 0), ERR_SRCH);
    assert_int_equal(CALL(child, sigqueue, (uint64_t)-1, 40, 0), ERR_SRCH);
}

static void the_dead_give_back_their_queue(void **state)
{
    struct process *child = fork_of(first);
    unsigned nfree = 0;

    CALL(first, sigmask, 1, ~0ul);
    CALL(child, sigmask, 1, ~0ul);
    for (unsigned i = 0; i < 20; i++)
        CALL(first, sigqueue, child->pid, 40, i);
    exit_of(child, 0);
    assert_int_equal(child->nqueued, 0);
    for (uint16_t i = service.queued_free; i; i = service.queued[i].next)
        nfree++;
    assert_int_equal(nfree, SIGNAL_POOL - 1); /* the parent's SIGCHLD is the one */
}

static void ignoring_a_signal_forgets_all_of_it(void **state)
{
    CALL(first, sigmask, 1, ~0ul);
    for (unsigned i = 0; i < 5; i++)
        CALL(first, sigqueue, 1, 40 + i % 2, i);
    CALL(first, sigaction, 40, SIG_IGNORED);
    assert_int_equal(first->nqueued, 2);
    assert_int_equal(first->pending, SIGNAL_BIT(41));
}

static void one_handler_at_a_time_gets_them_all(void **state)
{
    CALL(first, sigmask, 1, SIGNAL_BIT(40));
    handle(first, 40, 0, 0);
    for (unsigned i = 0; i < 3; i++)
        CALL(first, sigqueue, 1, 40, 70 + i);
    CALL(first, sigmask, 2, SIGNAL_BIT(40));
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(fake_thread(first)->upcalls, i + 1);
        assert_int_equal(fake_thread(first)->last_value, 70 + i);
        CALL(first, sigreturn, 0);
    }
    assert_int_equal(fake_thread(first)->upcalls, 3);
}

static void two_signals_at_once_are_both_delivered(void **state)
{
    CALL(first, sigmask, 1, ~0ul);
    handle(first, SIG_INT, 0, 0);
    handle(first, SIG_HUP, 0, 0);
    CALL(first, kill, 1, SIG_INT);
    CALL(first, kill, 1, SIG_HUP);
    CALL(first, sigmask, 0, 0);
    assert_int_equal(fake_thread(first)->last_signal, SIG_HUP);
    fake.now += 100; /* the first handler was left by a jump: it never returns */
    calls_tick(&service);
    assert_int_equal(fake_thread(first)->upcalls, 2);
    assert_int_equal(fake_thread(first)->last_signal, SIG_INT);
}

/* --- timers ---------------------------------------------------------------------------------- */

static uint64_t new_timer(struct process *p, unsigned signal, uint64_t value)
{
    assert_int_equal(CALL(p, timer_create, signal, value, 0), 0);
    return fake_thread(p)->word[0];
}

static void pass(uint64_t ticks)
{
    fake.now += ticks;
    calls_tick(&service);
}

static void a_timer_goes_off_and_again(void **state)
{
    uint64_t id = new_timer(first, 40, 7);

    handle(first, 40, 0, 0);
    CALL(first, timer_set, id, fake.now + 10, 5);
    CALL(first, timer_get, id);
    assert_int_equal(fake_thread(first)->word[0], 10);
    assert_int_equal(fake_thread(first)->word[1], 5);
    pass(9);
    assert_int_equal(fake_thread(first)->upcalls, 0);
    pass(1);
    assert_int_equal(fake_thread(first)->last_code, CODE_TIMER);
    assert_int_equal(fake_thread(first)->last_value, 7);
    CALL(first, sigreturn, 0);
    pass(5);
    assert_int_equal(fake_thread(first)->upcalls, 2);
    CALL(first, sigreturn, 0);
    CALL(first, timer_set, id, 0, 0);
    assert_int_equal(fake_thread(first)->word[0], 5);
    pass(50);
    assert_int_equal(fake_thread(first)->upcalls, 2);
}

static void missed_ends_are_counted_for_the_signal_that_is_taken(void **state)
{
    uint64_t id = new_timer(first, 40, 0);

    CALL(first, sigmask, 1, ~0ul);
    CALL(first, timer_set, id, fake.now + 1, 2);
    for (unsigned i = 0; i < 10; i++)
        pass(2);
    assert_int_equal(first->nqueued, 1);
    assert_int_equal(taken(first, ~0ul), 40);
    CALL(first, timer_get, id);
    assert_int_equal(fake_thread(first)->word[2], 9);
    pass(2);
    assert_int_equal(taken(first, ~0ul), 40);
    CALL(first, timer_get, id);
    assert_int_equal(fake_thread(first)->word[2], 0);
    pass(21); /* seen late: one signal, the rest is overrun */
    assert_int_equal(taken(first, ~0ul), 40);
    CALL(first, timer_get, id);
    assert_in_range(fake_thread(first)->word[2], 9, 10);
}

static void a_deleted_timer_leaves_its_signal(void **state)
{
    uint64_t id = new_timer(first, 40, 3);

    CALL(first, sigmask, 1, ~0ul);
    CALL(first, timer_set, id, fake.now + 1, 1);
    pass(2);
    assert_int_equal(CALL(first, timer_delete, id), 0);
    assert_int_equal(CALL(first, timer_delete, id), ERR_INVAL);
    assert_int_equal(CALL(first, timer_set, id, 1, 0), ERR_INVAL);
    assert_int_equal(CALL(first, timer_get, id), ERR_INVAL);
    assert_int_equal(new_timer(first, 40, 4), id);
    assert_int_equal(taken(first, ~0ul), 40);
    CALL(first, timer_get, id);
    assert_int_equal(fake_thread(first)->word[2], 0);
}

static void timers_are_not_inherited_and_end_with_the_program(void **state)
{
    uint64_t id = new_timer(first, 40, 0);
    struct process *child = fork_of(first);

    assert_int_equal(CALL(child, timer_delete, id), ERR_INVAL);
    for (unsigned i = 0; i < TIMERS_OWNED; i++)
        new_timer(child, SIG_ALRM, 0);
    assert_int_equal(CALL(child, timer_create, SIG_ALRM, 0, 0), ERR_AGAIN);
    CALL(child, itimer, 0, 50, 0);
    assert_int_equal(CALL(child, exec, 0x40000000, 4096, 3, 0), PARKED);
    fake_settle();
    assert_int_equal(child->ntimers, 0);
    assert_int_not_equal(child->intervals[0].deadline.at, 0);
    exit_of(child, 0);
    assert_int_equal(child->intervals[0].deadline.at, 0);
}

/* hz is 1000 here: a millisecond is a tick. */
static void times_of_the_clock_move_with_it(void **state)
{
    struct process *child = fork_of(first);
    uint64_t wall = new_timer(first, 40, 0), steady = new_timer(first, 41, 0);

    CALL(first, sigmask, 1, ~0ul);
    CALL(first, timer_set, wall, fake.now + 100, 0, 1);
    CALL(first, timer_set, steady, fake.now + 100, 0, 0);
    assert_int_equal(CALL(child, sleep, fake.now + 100, 1), PARKED);
    CALL(first, clock_set, 60000000); /* 60 ms forward */
    CALL(first, timer_get, wall);
    assert_int_equal(fake_thread(first)->word[0], 40);
    CALL(first, timer_get, steady);
    assert_int_equal(fake_thread(first)->word[0], 100);
    CALL(first, clock_set, 30000000); /* 30 ms back */
    pass(69);
    assert_int_equal(first->pending, 0);
    pass(1);
    assert_int_equal(first->pending, SIGNAL_BIT(40));
    assert_int_equal(fake_thread(child)->answer, 0);
    CALL(first, timer_set, wall, fake.now + 100, 0, 1);
    CALL(first, clock_set, 1000000000000); /* far ahead: at once */
    pass(1);
    assert_int_equal(first->ntimers, 2);
    CALL(first, timer_get, wall);
    assert_int_equal(fake_thread(first)->word[0], 0);
}

/* The model's threads use half of the time. */
static void processor_time_passes_slower(void **state)
{
    handle(first, SIG_VTALRM, 0, 0);
    CALL(first, itimer, INTERVAL_VIRTUAL, 100, 0);
    for (unsigned i = 0; i < 19; i++)
        pass(10);
    assert_int_equal(fake_thread(first)->upcalls, 0);
    CALL(first, itimer, INTERVAL_VIRTUAL | PROC_ITIMER_TELL, 0, 0);
    assert_int_equal(fake_thread(first)->word[0], 5);
    pass(10);
    assert_int_equal(fake_thread(first)->last_signal, SIG_VTALRM);
    assert_int_equal(CALL(first, itimer, INTERVALS, 1, 0), ERR_INVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(queued_signals_come_in_order),
        TEST(a_full_queue_refuses_sigqueue_not_kill),
        TEST(the_dead_give_back_their_queue),
        TEST(ignoring_a_signal_forgets_all_of_it),
        TEST(one_handler_at_a_time_gets_them_all),
        TEST(two_signals_at_once_are_both_delivered),
        TEST(a_timer_goes_off_and_again),
        TEST(missed_ends_are_counted_for_the_signal_that_is_taken),
        TEST(a_deleted_timer_leaves_its_signal),
        TEST(timers_are_not_inherited_and_end_with_the_program),
        TEST(times_of_the_clock_move_with_it),
        TEST(processor_time_passes_slower),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
