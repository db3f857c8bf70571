/* Replacement: a working set of twice the memory. Every page is written, given up to swap, and
 * comes back with the bytes that were stored. */
#include <stdlib.h>

#include "apps/demo/demo.h"

#define WORDS_PER_PAGE (PAGE / sizeof(uint64_t))
#define STRIDE 4099 /* prime: visits all pages in a scattered order */

/* The word that belongs at an index in a round; no two are alike by chance for long. */
static uint64_t pattern(size_t index, uint64_t round)
{
    uint64_t x = (index + 1) * 0x9e3779b97f4a7c15u + round * 0xd1b54a32d192ed03u;

    return x ^ x >> 29;
}

static void fill_page(uint64_t *memory, size_t page, uint64_t round)
{
    size_t first = page * WORDS_PER_PAGE;

    for (size_t i = first; i < first + WORDS_PER_PAGE; i++)
        memory[i] = pattern(i, round);
}

/* => how many words are not what they should be. */
static size_t check_page(const uint64_t *memory, size_t page, uint64_t round)
{
    size_t first = page * WORDS_PER_PAGE, wrong = 0;

    for (size_t i = first; i < first + WORDS_PER_PAGE; i++)
        wrong += memory[i] != pattern(i, round);
    return wrong;
}

/* Twice the machine's memory, or what memory and swap can hold with a rest for others. */
static size_t working_set(const struct pager_stats *stats)
{
    struct proc_boot_rep boot;
    uint64_t wanted = fl_boot(&boot) ? stats->frames_total * 2 : boot.mem_bytes / PAGE * 2;
    uint64_t room = stats->frames_free + stats->frames_file + stats->swap_free;
    uint64_t most = room - room / 16;

    return (size_t)(wanted < most ? wanted : most);
}

static void run(void)
{
    struct pager_stats before = system_now(), filled, after;
    size_t pages = working_set(&before), wrong = 0;
    uint64_t *memory;

    say("%lu frames, %lu pages of swap; working set: %zu pages (%zu MiB)", before.frames_total,
        before.swap_total, pages, pages * PAGE / MIB);
    claim(pages > before.frames_total, "the working set is larger than the memory");
    memory = (uint64_t *)new_memory(pages * PAGE);
    for (size_t page = 0; page < pages; page++)
        fill_page(memory, page, 1);
    filled = system_now();
    claim(filled.evicted_swap - before.evicted_swap >= pages - before.frames_total,
          "writing it gave up %lu pages to swap", filled.evicted_swap - before.evicted_swap);

    for (size_t page = 0; page < pages; page++)
        wrong += check_page(memory, page, 1);
    claim(wrong == 0, "reading it again, every byte is right");
    for (size_t page = 0; page < pages; page += 8)
        fill_page(memory, page, 2);
    for (size_t i = 0, page = 0; i < pages; i++, page = (page + STRIDE) % pages)
        wrong += check_page(memory, page, page % 8 ? 1 : 2);
    claim(wrong == 0, "an eighth changed, all read in another order: every byte is right");
    show_faults(memory, pages * PAGE);

    after = system_now();
    claim(after.swap_reads - before.swap_reads >= pages - before.frames_total,
          "%lu pages were read back from swap", after.swap_reads - before.swap_reads);
    show_frames("before", &before);
    show_frames("filled", &filled);
    free_memory(memory, pages * PAGE);
    after = system_now();
    show_frames("after", &after);
    claim(after.frames_anon <= before.frames_anon, "munmap() returned all its frames");
    say("evicted: %lu clean, %lu to swap, %lu to files", after.evicted_clean - before.evicted_clean,
        after.evicted_swap - before.evicted_swap, after.evicted_file - before.evicted_file);
}

const struct demo demo_evict = {"evict", "a working set of twice the memory", run};
