/* Out of memory and swap: the pager ends one process, the one with the most anonymous memory, and
 * all others go on. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/demo/demo.h"

#define MODEST 2 /* processes that stay small */
#define MODEST_BYTES MIB
#define PIECE (256 * KIB)
#define MORE_THAN_ANY (64 * KIB * MIB) /* no machine here has so much */
#define SLACK 16                       /* pages of this process itself that came in meanwhile */

static struct step steps[MODEST];

static unsigned char byte_of(size_t index, size_t who)
{
    return (unsigned char)(index / 7 + who * 31 + 1);
}

/* Fill some memory, wait until the others have run out of it, and look whether it is still right.
 */
static int be_modest(void *context)
{
    size_t who = *(size_t *)context, wrong = 0;
    unsigned char *memory = new_memory(MODEST_BYTES);

    step_become_child(&steps[who]);
    for (size_t i = 0; i < MODEST_BYTES; i++)
        memory[i] = byte_of(i, who);
    step_signal(&steps[who]);
    step_await(&steps[who]);
    for (size_t i = 0; i < MODEST_BYTES; i++)
        wrong += memory[i] != byte_of(i, who);
    return wrong != 0;
}

/* Take memory until there is no more. mmap() never says no: memory is promised before it is there.
 */
static int be_greedy(void *context)
{
    for (size_t taken = 0; taken < MORE_THAN_ANY; taken += PIECE)
        store_pages(new_memory(PIECE), PIECE);
    return 0;
}

/* Pages of anonymous memory, wherever they are. */
static uint64_t anonymous(const struct pager_stats *stats)
{
    return stats->frames_anon + stats->swap_total - stats->swap_free;
}

static void run(void)
{
    struct pager_stats before = system_now(), after;
    size_t who[MODEST];
    pid_t pids[MODEST];
    int status;

    show_frames("before", &before);
    for (size_t i = 0; i < MODEST; i++) {
        who[i] = i;
        step_open(&steps[i]);
        pids[i] = start_child(be_modest, &who[i]);
        step_await(&steps[i]);
    }
    say("one child takes memory until %lu frames and %lu pages of swap are used up",
        before.frames_free, before.swap_free);
    status = finish_child(start_child(be_greedy, NULL));
    after = system_now();
    claim(died_by(status, SIGKILL), "the greedy one is ended (%s)", status_text(status));
    claim(after.oom_kills == before.oom_kills + 1, "one process was ended for lack of memory");
    for (size_t i = 0; i < MODEST; i++) {
        step_signal(&steps[i]);
        status = finish_child(pids[i]);
        claim(exited_well(status), "a modest one goes on, its memory is right (%s)",
              status_text(status));
        step_close(&steps[i]);
    }
    after = system_now();
    claim(anonymous(&after) <= anonymous(&before) + SLACK, "memory and swap came back");
    show_frames("after", &after);
}

const struct demo demo_oom = {"oom", "when memory and swap are used up, one process is ended", run};
