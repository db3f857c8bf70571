/* See scene.h. */
#include "scene.h"

struct proc_service service;
struct process *first;

struct process *by_pid(uint64_t pid)
{
    return table_find(&service, (uint32_t)pid);
}

int setup(void **state)
{
    fake_start(&service, 8);
    life_first(&service);
    fake_settle();
    first = by_pid(1);
    assert_int_equal(fake_thread(first)->state, THREAD_USER);
    CALL(first, signal_entry, 0x4000);
    return 0;
}

struct process *fork_of(struct process *p)
{
    assert_int_equal(CALL(p, fork, 0), PARKED);
    fake_settle();
    assert_int_equal(fake_thread(p)->answer, 0);
    return by_pid(fake_thread(p)->word[0]);
}

uint64_t reap(struct process *p, int64_t pid, uint64_t options, uint64_t *status)
{
    assert_int_equal(CALL(p, wait, (uint64_t)pid, options | 4), 0);
    *status = fake_thread(p)->word[1];
    return fake_thread(p)->word[0];
}

void exit_of(struct process *p, unsigned code)
{
    CALL(p, exit, code);
    fake_settle();
}

void handle(struct process *p, unsigned signal, unsigned flags, uint64_t mask)
{
    assert_int_equal(CALL(p, sigaction, signal, SIG_HANDLED, flags, mask), 0);
}
