/* Processes: making, ending, waiting; groups; texts. Scenarios of one thing each. */
#include "scene.h"
#include <proto/fsproc.h>
#include <proto/pagerproc.h>
#include <proto/procfs.h>
#include <proto/procpager.h>
#include <servers/proc/args.h>
#include <servers/proc/report.h>

/* --- life ------------------------------------------------------------------------------------ */

static void child_runs_and_is_waited_for(void **state)
{
    struct process *child = fork_of(first);
    uint64_t pid = child->pid;

    assert_int_equal(fake_thread(child)->state, THREAD_USER);
    assert_int_equal(child->pgid, first->pgid);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 4), PARKED);
    exit_of(child, 7);
    assert_int_equal(fake_thread(first)->answer, 0);
    assert_int_equal(fake_thread(first)->word[0], pid);
    assert_int_equal(fake_thread(first)->word[1], 7 << 8);
    assert_null(by_pid(pid));
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 4), ERR_CHILD);
}

static void wait_without_children_is_refused(void **state)
{
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 4), ERR_CHILD);
    fork_of(first);
    assert_int_equal(CALL(first, wait, 999, 4), ERR_CHILD);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 5), 0);
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

static void news_stay_if_asked_and_other_news_are_not_told(void **state)
{
    struct process *child = fork_of(first);
    uint64_t pid = child->pid;

    exit_of(child, 3);
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 1 | 2 | 8), 0);
    assert_int_equal(fake_thread(first)->word[0], 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(CALL(first, wait, (uint64_t)-1, i < 2 ? 4 | 16 : 4), 0);
        assert_int_equal(fake_thread(first)->word[0], pid);
        assert_int_equal(fake_thread(first)->word[1], 3 << 8);
    }
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 4 | 16), ERR_CHILD);
}

static void limits_are_kept_and_inherited(void **state)
{
    struct process *child;

    assert_int_equal(CALL(first, rlimit, PROC_LIMITS | PROC_RLIMIT_TELL), ERR_INVAL);
    assert_int_equal(CALL(first, rlimit, 5, 9, 8), ERR_INVAL);
    assert_int_equal(CALL(first, rlimit, 5, 9, 257), ERR_PERM);
    assert_int_equal(CALL(first, rlimit, 3, 4096, 8 << 20), ERR_INVAL);
    assert_int_equal(CALL(first, rlimit, 5, 9, 10), 0);
    child = fork_of(first);
    assert_int_equal(CALL(child, rlimit, 5 | PROC_RLIMIT_TELL), 0);
    assert_int_equal(fake_thread(child)->word[0], 9);
    assert_int_equal(fake_thread(child)->word[1], 10);
    assert_int_equal(CALL(child, rlimit, 7, 2, 200), 0);
    assert_int_equal(CALL(child, fork, 0), ERR_AGAIN);
    assert_int_equal(CALL(child, rlimit, 7, 3, 200), 0);
    assert_non_null(fork_of(child));
}

static void time_is_limited(void **state)
{
    struct process *child = fork_of(first);

    CALL(child, signal_entry, 0x4000);
    assert_int_equal(CALL(child, sigaction, 24, SIG_HANDLED), 0);
    assert_int_equal(CALL(child, rlimit, 0, 1, 2), 0);
    fake.now = 2 * service.hz - 2; /* half of the time counts as used */
    calls_tick(&service);
    assert_int_equal(fake_thread(child)->upcalls, 0);
    fake.now = 2 * service.hz;
    calls_tick(&service);
    assert_int_equal(fake_thread(child)->last_signal, 24);
    assert_int_equal(child->life, LIFE_ALIVE);
    fake.now = 4 * service.hz;
    calls_tick(&service);
    assert_int_equal(child->life, LIFE_ENDING);
    assert_int_equal(child->end_status, SIG_KILL);
}

static void group_one_is_a_group_to_wait_for(void **state)
{
    struct process *child = fork_of(first), *other = fork_of(first);

    assert_int_equal(CALL(first, setpgid, other->pid, 0), 0);
    assert_int_equal(CALL(first, wait, 1, 1 | 4 | PROC_WAIT_GROUP), 0);
    exit_of(other, 0);
    assert_int_equal(CALL(first, wait, 0, 1 | 4 | PROC_WAIT_GROUP), 0);
    assert_int_equal(fake_thread(first)->word[0], 0);
    exit_of(child, 0);
    assert_int_equal(CALL(first, wait, 1, 4 | PROC_WAIT_GROUP), 0);
    assert_int_equal(CALL(first, wait, 1, 4 | PROC_WAIT_GROUP), ERR_CHILD);
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
    assert_int_equal(CALL(first, wait, (uint64_t)-1, 4), ERR_CHILD);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(child_runs_and_is_waited_for),
        TEST(wait_without_children_is_refused),
        TEST(zombie_waits_to_be_reaped),
        TEST(news_stay_if_asked_and_other_news_are_not_told),
        TEST(limits_are_kept_and_inherited),
        TEST(time_is_limited),
        TEST(group_one_is_a_group_to_wait_for),
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
        TEST(groups_and_sessions),
        TEST(text_of_bad_accesses),
        TEST(arguments_of_the_first_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
