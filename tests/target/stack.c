/* The stack grows down lazily to a limit above an unmapped guard page. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <abi/layout.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEEP_BYTES (STACK_BYTES / 2)

/* Use about `bytes` of stack, one page a call. => a number that needs all of them. */
static __attribute__((noinline)) unsigned long descend(unsigned long bytes)
{
    volatile char page[PAGE];
    page[bytes % PAGE] = 1;
    unsigned long below = bytes > PAGE ? descend(bytes - PAGE) : 0;
    return below + (unsigned long)page[bytes % PAGE];
}

static void grow(void)
{
    unsigned long grown = counters_action(PAGER_ACTION_stack_grow);
    unsigned long resident = counters_resident();
    CHECK_EQ(descend(DEEP_BYTES), DEEP_BYTES / PAGE);
    CHECK(counters_resident() >= resident + DEEP_BYTES / PAGE);
    CHECK(counters_action(PAGER_ACTION_stack_grow) >= grown + DEEP_BYTES / PAGE);
}

static void it_grows_as_far_as_it_is_used(void)
{
    CHECK(counters_resident() < DEEP_BYTES / PAGE);
    CHECK_EQ(tap_in_child(grow), 0);
}

static void touch_far_down(void)
{
    volatile char *down = (volatile char *)(STACK_TOP - DEEP_BYTES);
    unsigned long resident = counters_resident();
    *down = 7;
    CHECK_EQ(*down, 7);
    CHECK(counters_resident() <= resident + 4);
}

static void a_touch_far_below_gives_one_page(void)
{
    CHECK_EQ(tap_in_child(touch_far_down), 0);
}

static void overflow(void)
{
    descend(STACK_BYTES + (1UL << 20));
}

static void touch_guard(void)
{
    *(volatile char *)(STACK_TOP - STACK_BYTES - 1) = 1;
}

static void below_the_limit_is_a_guard(void)
{
    int status = tap_in_child(overflow);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
    status = tap_in_child(touch_guard);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

static void child_reads_and_writes(void)
{
    CHECK_EQ(descend(64 * PAGE), 64);
}

static void fork_copies_it(void)
{
    volatile char mine[8 * PAGE];
    for (size_t i = 0; i < sizeof mine; i += PAGE)
        mine[i] = 5;
    CHECK_EQ(tap_in_child(child_reads_and_writes), 0);
    for (size_t i = 0; i < sizeof mine; i += PAGE)
        CHECK_EQ(mine[i], 5);
}

TAP_MAIN(it_grows_as_far_as_it_is_used, a_touch_far_below_gives_one_page,
         below_the_limit_is_a_guard, fork_copies_it)
