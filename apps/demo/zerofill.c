/* Zero-fill on demand: untouched memory reads as one shared frame of zeros; the first store gets a
 * frame of its own. */
#include "apps/demo/demo.h"

#define PAGES 16
#define STORED 4

/* Untouched bss; page aligned so that nothing else is in its pages. */
static unsigned char bss[PAGES * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static bool all_zero(const volatile unsigned char *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (memory[i])
            return false;
    return true;
}

static void show_kind(const char *what, volatile unsigned char *memory)
{
    struct pager_stats before = system_now(), loaded, stored;
    struct pager_proc_stats mine = process_now();
    bool zero = all_zero(memory, PAGES * PAGE);

    loaded = system_now();
    say("%s, %d pages:", what, PAGES);
    claim(zero, "every byte reads as zero");
    claim(actions_since(&mine, PAGER_ACTION_zero_share) > 0 &&
              loaded.frames_anon == before.frames_anon,
          "loads map the shared zero frame and take no frame of their own");
    mine = process_now();
    before = system_now();
    for (int i = 0; i < STORED; i++)
        memory[i * PAGE] = (unsigned char)(i + 1);
    stored = system_now();
    claim(actions_since(&mine, PAGER_ACTION_zero_upgrade) == STORED,
          "%d first stores get %d frames instead of it", STORED, STORED);
    claim(stored.frames_anon == before.frames_anon + STORED, "the frame counts agree");
    show_faults((const void *)memory, PAGES * PAGE);
    claim(memory[PAGE] == 2 && all_zero(memory + STORED * PAGE, PAGE),
          "other pages still read as zero");
}

static void run(void)
{
    unsigned char *memory = new_memory(PAGES * PAGE);
    struct pager_stats before = system_now(), after;

    show_kind("anonymous mmap", memory);
    show_kind("bss", bss);
    free_memory(memory, PAGES * PAGE);
    after = system_now();
    show_frames("before", &before);
    show_frames("after", &after);
}

const struct demo demo_zerofill = {"zerofill", "untouched memory is one shared frame of zeros",
                                   run};
