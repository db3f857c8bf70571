/* Switches the replacement policy 200 times at random moments while children use more memory than
 * there is; every byte that they wrote is found again. Made for 32 MiB of memory and swap. */
#include <tests/target/tap/tap.h>

#include <faultline.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096UL
#define SWITCHES 200
#define WORKERS 2
#define WORKER_BYTES (20UL << 20)
#define NAMES_MOST 16

static volatile sig_atomic_t done;
static char list[512];
static char *names[NAMES_MOST];
static int count;

static void stop(int signal)
{
    done = 1;
}

/* Fill pages with what their number and round say; check and rewrite random ones until told to stop.
 * => exit status: 0 all bytes were right. */
static int work(int self)
{
    size_t pages = WORKER_BYTES / PAGE;
    unsigned long *area = mmap(NULL, WORKER_BYTES, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned *version = calloc(pages, sizeof *version);
    if (area == MAP_FAILED || !version)
        return 2;
    for (unsigned long turn = 0; !done || turn < 2 * pages; turn++) {
        size_t page = turn < pages ? turn : tap_random() % pages;
        unsigned long *words = area + page * PAGE / 8;
        for (size_t i = 0; i < PAGE / 8; i += 37)
            if (words[i] != (version[page] ? page << 32 ^ version[page] ^ i ^ (unsigned)self : 0))
                return 1;
        version[page]++;
        for (size_t i = 0; i < PAGE / 8; i += 37)
            words[i] = page << 32 ^ version[page] ^ i ^ (unsigned)self;
    }
    return 0;
}

static void find_policies(void)
{
    CHECK_OK(fl_policies(list, sizeof list));
    for (char *name = strtok(list, "\n"); name && count < NAMES_MOST; name = strtok(NULL, "\n"))
        names[count++] = name;
    CHECK(count >= 3);
}

static void an_unknown_policy_is_refused_and_nothing_changes(void)
{
    char before[16], after[16];
    CHECK_OK(fl_policy(before, sizeof before));
    CHECK(fl_policy_set("no-such-policy") < 0);
    CHECK_OK(fl_policy(after, sizeof after));
    CHECK(strcmp(before, after) == 0);
}

static void switching_under_load_loses_nothing(void)
{
    pid_t workers[WORKERS];
    char now[16];
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    for (int i = 0; i < WORKERS; i++) {
        workers[i] = fork();
        if (workers[i] == 0)
            _exit(work(i + 1));
        CHECK(workers[i] > 0);
    }
    struct pager_stats before, after;
    CHECK_OK(fl_pager_stats(&before));
    for (int i = 0; i < SWITCHES; i++) {
        usleep(1000 + tap_random() % 40000);
        const char *name = names[tap_random() % (unsigned long)count];
        CHECK_OK(fl_policy_set(name));
        CHECK_OK(fl_policy(now, sizeof now));
        CHECK(strcmp(now, name) == 0);
    }
    CHECK_OK(fl_pager_stats(&after));
    for (int i = 0; i < WORKERS; i++)
        CHECK_OK(kill(workers[i], SIGTERM));
    for (int i = 0; i < WORKERS; i++) {
        int status;
        CHECK(waitpid(workers[i], &status, 0) == workers[i]);
        CHECK_EQ(status, 0);
    }
    tap_note("swap writes %lu", (unsigned long)(after.swap_writes - before.swap_writes));
    CHECK(after.policy_switches > before.policy_switches);
    CHECK(after.swap_writes > before.swap_writes);
}

TAP_MAIN(find_policies, an_unknown_policy_is_refused_and_nothing_changes,
         switching_under_load_loses_nothing)
