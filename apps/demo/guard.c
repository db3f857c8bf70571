/* The stack: grows by faults, down to a limit; below that is a page that is never mapped. */
#include <signal.h>
#include <string.h>

#include "apps/demo/demo.h"

#define FRAME_BYTES (2 * KIB)
#define DEEP 512 /* frames: 1 MiB */

/* Use `levels` frames of stack; for ever if negative. */
static __attribute__((noinline)) unsigned descend(int levels)
{
    volatile unsigned char frame[FRAME_BYTES];

    frame[0] = (unsigned char)levels;
    frame[FRAME_BYTES - 1] = 1;
    if (levels == 0)
        return frame[FRAME_BYTES - 1];
    return descend(levels - 1) + frame[FRAME_BYTES - 1];
}

static int go_deep(void *context)
{
    struct pager_proc_stats before = process_now();
    struct pager_stats frames_before = system_now(), frames_after;
    unsigned depth = descend(DEEP);
    uint64_t grown = actions_since(&before, PAGER_ACTION_stack_grow);

    frames_after = system_now();
    claim(depth == DEEP + 1, "%d calls deep and back", DEEP);
    claim(grown > 0, "the stack grew by %lu faults", grown);
    claim(frames_after.frames_anon - frames_before.frames_anon >= DEEP * FRAME_BYTES / PAGE / 2,
          "and took %lu frames only now", frames_after.frames_anon - frames_before.frames_anon);
    show_frames("before", &frames_before);
    show_frames("after", &frames_after);
    return 0;
}

static int overflow(void *context)
{
    return (int)descend(-1);
}

static void run(void)
{
    struct pager_stats before = system_now(), after;
    int status;

    go_deep(NULL);
    status = finish_child(start_child(overflow, NULL));
    claim(died_by(status, SIGSEGV),
          "a child that recurses for ever hits the guard page: SIGSEGV (%s)", status_text(status));
    after = system_now();
    claim(after.address_spaces == before.address_spaces, "only the child is gone");
    claim(descend(DEEP) == DEEP + 1, "this process's stack is fine");
}

const struct demo demo_guard = {"guard", "the stack grows, and ends at a guard page", run};
