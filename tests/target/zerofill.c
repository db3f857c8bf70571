/* Zero-fill on demand: what nobody stored to reads as one shared frame of zeros; the first store to
 * a page gets a frame of its own. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <sys/mman.h>
#include <unistd.h>

#define PAGES 16

static char bss[(PAGES + 2) * PAGE];

static char *bss_pages(void)
{
    return (char *)(((unsigned long)bss + PAGE - 1) & ~(PAGE - 1));
}

/* Loads share the zero frame, then each store upgrades one page; stores elsewhere fill at once. */
static void check_area(volatile char *area)
{
    unsigned long shares = counters_action(PAGER_ACTION_zero_share);
    unsigned long upgrades = counters_action(PAGER_ACTION_zero_upgrade);
    unsigned long fills = counters_action(PAGER_ACTION_zero_fill);
    unsigned long frames = counters_all().frames_anon;
    for (int i = 0; i < PAGES / 2; i++)
        CHECK_EQ(area[i * PAGE + i], 0);
    CHECK_EQ(counters_action(PAGER_ACTION_zero_share), shares + PAGES / 2);
    CHECK_EQ(counters_all().frames_anon, frames);
    for (int i = 0; i < PAGES; i++)
        area[i * PAGE + 1] = (char)i;
    CHECK_EQ(counters_action(PAGER_ACTION_zero_upgrade), upgrades + PAGES / 2);
    CHECK_EQ(counters_action(PAGER_ACTION_zero_fill), fills + PAGES / 2);
    CHECK_EQ(counters_all().frames_anon, frames + PAGES);
    for (int i = 0; i < PAGES; i++)
        CHECK(area[i * PAGE] == 0 && area[i * PAGE + 1] == (char)i && area[i * PAGE + 2] == 0);
}

static void bss_is_filled_on_demand(void)
{
    counters_all();
    check_area(bss_pages());
}

static void the_heap_is_filled_on_demand(void)
{
    sbrk((long)(-(unsigned long)sbrk(0) & (PAGE - 1)));
    check_area(sbrk(PAGES * PAGE));
}

static void anonymous_mappings_are_filled_on_demand(void)
{
    char *area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(area != MAP_FAILED);
    check_area(area);
    CHECK_STILL_GOOD();
    unsigned long frames = counters_all().frames_anon;
    CHECK_OK(munmap(area, PAGES * PAGE));
    CHECK_EQ(counters_all().frames_anon, frames - PAGES);
}

static void the_zero_frame_stays_zero(void)
{
    volatile char *one = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK_EQ(one[0], 0);
    CHECK_EQ(one[PAGE], 0);
    one[0] = 99;
    CHECK_EQ(one[PAGE], 0);
    volatile char *other = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK_EQ(other[0], 0);
    munmap((void *)one, 2 * PAGE);
    munmap((void *)other, PAGE);
}

TAP_MAIN(bss_is_filled_on_demand, the_heap_is_filled_on_demand,
         anonymous_mappings_are_filled_on_demand, the_zero_frame_stays_zero)
