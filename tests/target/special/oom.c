/* Out of memory and swap: the one that takes it all is ended, with SIGKILL; a bystander and its
 * memory are left alone, and afterwards there is memory again. Made for 32 MiB and little swap. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BYSTANDER_PAGES 256
#define GREEDY_BYTES (512UL << 20)
#define RW (PROT_READ | PROT_WRITE)

/* Use GREEDY_BYTES, far more than there is. */
static void be_greedy(void)
{
    char *area = mmap(NULL, GREEDY_BYTES, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t at = 0; at < GREEDY_BYTES; at += PAGE)
        memset(area + at, (int)(at / PAGE) | 1, 64);
}

static void one_process_is_ended_and_all_others_go_on(void)
{
    char *mine = mmap(NULL, BYSTANDER_PAGES * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < BYSTANDER_PAGES; i++)
        mine[i * PAGE] = (char)i;
    for (int round = 0; round < 3; round++) {
        unsigned long kills = counters_all().oom_kills;
        int status = tap_in_child(be_greedy);
        CHECK(WIFSIGNALED(status));
        CHECK_EQ(WTERMSIG(status), SIGKILL);
        CHECK_EQ(counters_all().oom_kills, kills + 1);
        for (size_t i = 0; i < BYSTANDER_PAGES; i++)
            CHECK(mine[i * PAGE] == (char)i);
    }
    munmap(mine, BYSTANDER_PAGES * PAGE);
}

static void afterwards_there_is_memory_again(void)
{
    char *area = mmap(NULL, 8UL << 20, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(area != MAP_FAILED);
    memset(area, 1, 8UL << 20);
    CHECK(area[4UL << 20] == 1);
    munmap(area, 8UL << 20);
}

TAP_MAIN(one_process_is_ended_and_all_others_go_on, afterwards_there_is_memory_again)
