/* Replacement in 32 MiB of memory: 64 MiB of anonymous memory and 48 MiB of file mapping are
 * written and found again; clean pages are preferred; nothing is lost. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANON_BYTES (64UL << 20)
#define FILE_BYTES (48UL << 20)
#define RW (PROT_READ | PROT_WRITE)

static unsigned long mark(size_t page, unsigned round)
{
    return (page * 0x9e3779b97f4a7c15UL) ^ round;
}

static void write_marks(char *area, size_t bytes, unsigned round)
{
    for (size_t page = 0; page < bytes / PAGE; page++) {
        *(unsigned long *)(area + page * PAGE) = mark(page, round);
        *(unsigned long *)(area + page * PAGE + PAGE - 8) = ~mark(page, round);
    }
}

/* => number of pages that do not hold their marks. */
static size_t wrong_marks(const char *area, size_t bytes, unsigned round)
{
    size_t wrong = 0;
    for (size_t page = 0; page < bytes / PAGE; page++)
        wrong += *(unsigned long *)(area + page * PAGE) != mark(page, round) ||
                 *(unsigned long *)(area + page * PAGE + PAGE - 8) != ~mark(page, round);
    return wrong;
}

static void anonymous_memory_larger_than_ram(void)
{
    struct pager_stats before = counters_all();
    CHECK(before.frames_total * PAGE < ANON_BYTES);
    char *area = mmap(NULL, ANON_BYTES, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(area != MAP_FAILED);
    write_marks(area, ANON_BYTES, 1);
    CHECK_EQ(wrong_marks(area, ANON_BYTES, 1), 0);
    struct pager_stats after = counters_all();
    CHECK(after.swap_writes - before.swap_writes >= ANON_BYTES / PAGE / 2);
    CHECK(after.swap_reads - before.swap_reads >= ANON_BYTES / PAGE / 2);
    CHECK_OK(munmap(area, ANON_BYTES));
    CHECK(counters_all().frames_anon <= before.frames_anon); /* others may have been put out */
    for (int i = 0; i < 100 && counters_all().swap_free + before.frames_anon < before.swap_free; i++)
        usleep(10000);
    CHECK(counters_all().swap_free + before.frames_anon >= before.swap_free);
}

static void a_mapped_file_larger_than_ram(void)
{
    int fd = open("/tmp/large", O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK_OK(fd);
    CHECK_OK(ftruncate(fd, FILE_BYTES));
    char *area = mmap(NULL, FILE_BYTES, RW, MAP_SHARED, fd, 0);
    CHECK(area != MAP_FAILED);
    write_marks(area, FILE_BYTES, 3);
    struct pager_stats before = counters_all();
    CHECK_EQ(wrong_marks(area, FILE_BYTES, 3), 0);
    struct pager_stats after = counters_all();
    CHECK(after.file_reads > before.file_reads);
    CHECK(after.evicted_clean > before.evicted_clean);
    CHECK_OK(munmap(area, FILE_BYTES));
    unsigned long words[2];
    for (size_t page = 5; page < FILE_BYTES / PAGE; page += 997) {
        CHECK_EQ(pread(fd, words, 8, (off_t)(page * PAGE)), 8);
        CHECK_EQ(words[0], mark(page, 3));
    }
    CHECK_OK(close(fd));
    CHECK_OK(unlink("/tmp/large"));
}

/* Pages that are read again and again stay; a stream of clean pages passes by. */
static void clean_pages_go_before_dirty_ones(void)
{
    char *dirty = mmap(NULL, 4UL << 20, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd = open("/tmp/stream", O_RDWR | O_CREAT | O_TRUNC, 0600);
    static char block[16 * PAGE];
    CHECK_OK(fd);
    for (size_t at = 0; at < FILE_BYTES; at += sizeof block)
        CHECK_EQ(pwrite(fd, block, sizeof block, (off_t)at), sizeof block);
    CHECK_OK(fsync(fd));
    write_marks(dirty, 4UL << 20, 4);
    struct pager_stats before = counters_all();
    for (size_t at = 0; at < FILE_BYTES; at += sizeof block) {
        CHECK_EQ(pread(fd, block, sizeof block, (off_t)at), sizeof block);
        CHECK_EQ(wrong_marks(dirty, 64 * PAGE, 4), 0);
    }
    struct pager_stats after = counters_all();
    unsigned long clean = after.evicted_clean - before.evicted_clean;
    unsigned long swapped = after.evicted_swap - before.evicted_swap;
    tap_note("clean %lu, swapped %lu", clean, swapped);
    CHECK(clean > 4 * swapped);
    CHECK_EQ(wrong_marks(dirty, 4UL << 20, 4), 0);
    close(fd);
    unlink("/tmp/stream");
    munmap(dirty, 4UL << 20);
}

static char *inherited;

static void check_and_change(void)
{
    CHECK_EQ(wrong_marks(inherited, 24UL << 20, 5), 0);
    write_marks(inherited, 24UL << 20, 6);
    CHECK_EQ(wrong_marks(inherited, 24UL << 20, 6), 0);
}

static void fork_shares_what_is_in_swap(void)
{
    inherited = mmap(NULL, 24UL << 20, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(inherited != MAP_FAILED);
    write_marks(inherited, 24UL << 20, 5);
    CHECK_EQ(tap_in_child(check_and_change), 0);
    CHECK_EQ(wrong_marks(inherited, 24UL << 20, 5), 0);
    munmap(inherited, 24UL << 20);
}

TAP_MAIN(anonymous_memory_larger_than_ram, a_mapped_file_larger_than_ram,
         clean_pages_go_before_dirty_ones, fork_shares_what_is_in_swap)
