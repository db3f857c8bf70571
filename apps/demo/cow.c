/* Copy-on-write: after fork() parent and child share every private page, read-only. A store copies
 * one page; who is left alone with a page gets it without a copy. */
#include <sys/wait.h>
#include <unistd.h>

#include "apps/demo/demo.h"

#define PAGES 32

struct shared {
    volatile unsigned char *memory;
    struct step step;
};

/* The child's part: its claims are its exit status. */
static int child(void *context)
{
    struct shared *shared = context;
    volatile unsigned char *memory = shared->memory;
    bool right = true;

    step_become_child(&shared->step);
    for (size_t i = 0; i < PAGES; i++)
        right &= memory[i * PAGE] == i + 1;
    step_signal(&shared->step);
    step_await(&shared->step);
    memory[0] = 100;
    right &= faults_in((const void *)memory, PAGES * PAGE, PAGER_ACTION_cow_copy) == 1;
    right &= memory[5 * PAGE] == 6;
    step_signal(&shared->step);
    step_await(&shared->step);
    return !right;
}

/* The same fork without a look at it, so that the pages of this program itself have settled. */
static int nothing(void *context)
{
    return 0;
}

static void run(void)
{
    struct shared shared = {.memory = new_memory(PAGES * PAGE)};
    struct pager_stats before, forked, copied, after;
    volatile unsigned char *memory = shared.memory;
    const void *start = (const void *)memory;
    pid_t pid;
    int status;

    store_pages((void *)memory, PAGES * PAGE);
    step_open(&shared.step);
    finish_child(start_child(nothing, NULL));
    before = system_now();
    pid = start_child(child, &shared);
    step_await(&shared.step);
    forked = system_now();
    claim(forked.frames_anon - before.frames_anon < PAGES,
          "fork() of %d resident pages copies none of them (%lu frames for stack and data)", PAGES,
          forked.frames_anon - before.frames_anon);

    step_signal(&shared.step);
    step_await(&shared.step);
    copied = system_now();
    claim(memory[0] == 1, "the child stored to a page, and the parent does not see it");
    memory[5 * PAGE] = 200;
    claim(faults_in(start, PAGES * PAGE, PAGER_ACTION_cow_copy) == 1,
          "the parent's store to a shared page copies that page");
    step_signal(&shared.step);
    status = finish_child(pid);
    claim(exited_well(status), "the child saw its own bytes, and one copy (%s)",
          status_text(status));

    memory[9 * PAGE] = 210;
    memory[0] = 211;
    claim(faults_in((const void *)(memory + 9 * PAGE), PAGE, PAGER_ACTION_cow_sole) == 1 &&
              faults_in((const void *)(memory + 9 * PAGE), PAGE, PAGER_ACTION_cow_copy) == 0,
          "alone again, the parent gets its page back without a copy");
    after = system_now();
    show_faults(start, PAGES * PAGE);
    claim(after.frames_anon == before.frames_anon && after.frames_table == before.frames_table,
          "all frame counts are exactly where they were before fork()");
    show_frames("before", &before);
    show_frames("forked", &forked);
    show_frames("copied", &copied);
    show_frames("after", &after);
    step_close(&shared.step);
    free_memory((void *)memory, PAGES * PAGE);
}

const struct demo demo_cow = {"cow", "fork() copies pages only when somebody stores to them", run};
