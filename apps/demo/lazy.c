/* Lazy allocation: sbrk() moves a line in the pager's books, nothing else. Frames come with the
 * first touch and go with the memory. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "apps/demo/demo.h"

#define PAGES 64
#define TOUCHED 3

static void *grow(intptr_t bytes)
{
    void *old = sbrk(bytes);

    need(old != (void *)-1, "sbrk");
    return old;
}

/* The heap's end, moved up to a page boundary. */
static unsigned char *aligned_break(void)
{
    uintptr_t end = (uintptr_t)grow(0);

    grow((intptr_t)(-end & (PAGE - 1)));
    return grow(0);
}

static bool is_zero(const unsigned char *bytes, size_t count)
{
    while (count && !*bytes) {
        bytes++;
        count--;
    }
    return !count;
}

/* read() into memory that nobody touched: the pager finds a frame for it like for a store. */
static void read_into_untouched(unsigned char *memory)
{
    int fd = open("/bin/demo", O_RDONLY);

    need(fd >= 0, "/bin/demo");
    claim(read(fd, memory, 64) == 64 && !memcmp(memory, "\177ELF", 4),
          "read() fills a page that was never touched");
    close(fd);
}

static void refuse_below_start(void)
{
    void *end = grow(0), *result;

    errno = 0;
    result = sbrk(-((intptr_t)1 << 40));
    claim(result == (void *)-1 && errno, "sbrk() below the heap's start is refused (%s)",
          strerror(errno));
    claim(grow(0) == end, "and the break stays where it was");
}

static void run(void)
{
    unsigned char *heap = aligned_break();
    struct pager_stats before = system_now(), grown, touched, after;
    struct pager_proc_stats mine = process_now();

    grow(PAGES * PAGE);
    grown = system_now();
    claim(grown.frames_anon == before.frames_anon, "sbrk() by %d pages takes no frame", PAGES);

    for (int i = 0; i < TOUCHED; i++)
        heap[i * 10 * PAGE] = 1;
    touched = system_now();
    claim(actions_since(&mine, PAGER_ACTION_zero_fill) == TOUCHED,
          "storing to %d pages causes %d faults, each answered with a zeroed frame", TOUCHED,
          TOUCHED);
    claim(touched.frames_anon == before.frames_anon + TOUCHED, "and takes %d frames", TOUCHED);
    claim(is_zero(heap + 1, PAGE - 1), "the rest of a touched page reads as zero");
    show_faults(heap, PAGES * PAGE);
    read_into_untouched(heap + 5 * PAGE);

    grow(-(intptr_t)(PAGES * PAGE));
    after = system_now();
    claim(after.frames_anon == before.frames_anon,
          "sbrk() down returns all frames, of touched and untouched pages alike");
    refuse_below_start();
    show_frames("before", &before);
    show_frames("touched", &touched);
    show_frames("after", &after);
}

const struct demo demo_lazy = {"lazy", "memory costs nothing until it is touched", run};
