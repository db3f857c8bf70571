/* Lazy allocation: moving the break promises memory, the first touch of a page gives it. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGES 64

/* Page aligned memory above the break that nothing touched. */
static char *fresh(size_t pages)
{
    uintptr_t now = (uintptr_t)sbrk(0);
    sbrk((intptr_t)(-now & (PAGE - 1)));
    return sbrk((intptr_t)(pages * PAGE));
}

static void sbrk_moves_only_the_break(void)
{
    counters_resident();
    unsigned long before = counters_resident(), faults = counters_self().faults;
    char *area = fresh(PAGES);
    CHECK(area != (char *)-1);
    CHECK_EQ(counters_resident(), before);
    CHECK_EQ(counters_self().faults, faults);
    CHECK((char *)sbrk(0) == area + PAGES * PAGE);
}

static void the_first_store_gets_one_zeroed_frame(void)
{
    char *area = fresh(PAGES);
    unsigned long before = counters_resident();
    unsigned long fills = counters_action(PAGER_ACTION_zero_fill);
    area[7 * PAGE + 100] = 1;
    CHECK_EQ(counters_action(PAGER_ACTION_zero_fill), fills + 1);
    CHECK_EQ(counters_resident(), before + 1);
    for (size_t i = 0; i < PAGE; i++)
        CHECK(area[7 * PAGE + i] == (i == 100));
    area[7 * PAGE + 101] = 1;
    CHECK_EQ(counters_resident(), before + 1);
}

static void sbrk_down_frees_the_frames(void)
{
    unsigned long before = counters_resident();
    char *area = fresh(PAGES);
    for (size_t i = 0; i < PAGES; i++)
        area[i * PAGE] = 1;
    CHECK_EQ(counters_resident(), before + PAGES);
    CHECK(sbrk(-(intptr_t)(PAGES * PAGE)) != (void *)-1);
    CHECK_EQ(counters_resident(), before);
}

static void memory_that_came_back_reads_as_zeros(void)
{
    char *area = fresh(4);
    memset(area, 0x5a, 4 * PAGE);
    sbrk(-(intptr_t)(4 * PAGE));
    CHECK((char *)sbrk(4 * PAGE) == area);
    for (size_t i = 0; i < 4 * PAGE; i++)
        CHECK(area[i] == 0);
}

static void a_break_inside_a_page_keeps_the_rest_of_it(void)
{
    char *area = fresh(2);
    memset(area, 0x5a, 2 * PAGE);
    sbrk(-(intptr_t)(PAGE + PAGE / 2));
    CHECK(area[PAGE / 2 - 1] == 0x5a);
    sbrk(PAGE + PAGE / 2);
    CHECK(area[0] == 0x5a);
    CHECK(area[PAGE] == 0);
}

static void a_break_below_the_start_is_refused(void)
{
    char *now = sbrk(0);
    CHECK(sbrk(-(intptr_t)(1L << 30)) == (void *)-1);
    CHECK(errno == ENOMEM || errno == EINVAL);
    CHECK((char *)sbrk(0) == now);
    CHECK(sbrk(1L << 40) == (void *)-1);
    CHECK_EQ(errno, ENOMEM);
    CHECK((char *)sbrk(0) == now);
}

static void freeing_untouched_pages_is_fine(void)
{
    char *area = fresh(PAGES);
    area[3 * PAGE] = 1;
    CHECK(sbrk(-(intptr_t)(PAGES * PAGE)) != (void *)-1);
    CHECK((char *)sbrk(0) == area);
}

static void pipes_read_and_write_untouched_memory(void)
{
    char *area = fresh(8);
    int ends[2];
    CHECK_OK(pipe(ends));
    CHECK_EQ(write(ends[1], area + PAGE, 64), 64);
    CHECK_EQ(read(ends[0], area + 3 * PAGE - 32, 64), 64);
    for (int i = 0; i < 64; i++)
        CHECK(area[3 * PAGE - 32 + i] == 0);
    close(ends[0]);
    close(ends[1]);
}

static void files_read_and_write_untouched_memory(void)
{
    char *area = fresh(16);
    int fd = open("/tmp/lazy", O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK_OK(fd);
    CHECK_EQ(write(fd, area + 100, 3 * PAGE), 3 * PAGE);
    CHECK_EQ(pwrite(fd, "xyz", 3, PAGE), 3);
    CHECK_EQ(pread(fd, area + 8 * PAGE + 5, 3 * PAGE, 0), 3 * PAGE);
    CHECK(memcmp(area + 9 * PAGE + 5, "xyz", 4) == 0);
    CHECK_OK(fstat(fd, (struct stat *)(area + 14 * PAGE - 24)));
    CHECK_EQ(((struct stat *)(area + 14 * PAGE - 24))->st_size, 3 * PAGE);
    close(fd);
    unlink("/tmp/lazy");
}

static void names_and_results_may_lie_in_untouched_memory(void)
{
    char *area = fresh(8);
    CHECK(getcwd(area + PAGE - 2, 64) != NULL);
    CHECK(area[PAGE - 2] == '/');
    CHECK_FAILS(open(area + 5 * PAGE, O_RDONLY), ENOENT);
}

TAP_MAIN(sbrk_moves_only_the_break, the_first_store_gets_one_zeroed_frame,
         sbrk_down_frees_the_frames, memory_that_came_back_reads_as_zeros,
         a_break_inside_a_page_keeps_the_rest_of_it, a_break_below_the_start_is_refused,
         freeing_untouched_pages_is_fine, pipes_read_and_write_untouched_memory,
         files_read_and_write_untouched_memory, names_and_results_may_lie_in_untouched_memory)
