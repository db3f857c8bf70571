/* Measures what operations of the system cost, in instructions retired (all privilege modes), under
 * QEMU's -icount. Prints a line `row value` each.
 *
 * A row is the median of many samples after some that are thrown away; the cost of reading the
 * counter is subtracted.
 * Rows of faults are taken among 100 areas, with frames cleared ahead (the program sleeps before, so
 * that the pager's clearing thread runs). The trace is off. */
#include <faultline.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL
#define AREAS 100
#define WARM_UP 16
#define SAMPLES 101
#define FORK_SAMPLES 15
#define FORK_PAGES 1024

static unsigned long sample[SAMPLES];

static inline unsigned long instructions(void)
{
    unsigned long now;
    __asm__ volatile("rdinstret %0" : "=r"(now) : : "memory");
    return now;
}

static int by_value(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;
    return x < y ? -1 : x > y;
}

static unsigned long median(size_t count)
{
    qsort(sample, count, sizeof *sample, by_value);
    return sample[count / 2];
}

static void row(const char *name, unsigned long value)
{
    printf("%s %lu\n", name, value);
    fflush(stdout);
}

static void rest(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static volatile char *new_area(size_t pages)
{
    void *area = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    return area;
}

/* An area whose page tables are there: its last page was touched. */
static volatile char *ready_area(size_t pages)
{
    volatile char *area = new_area(pages + 1);
    area[pages * PAGE] = 1;
    return area;
}

static unsigned long overhead(void)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        unsigned long begin = instructions();
        sample[i] = instructions() - begin;
    }
    return median(SAMPLES);
}

/* Median cost of one store (or load) per page of `area`. */
static unsigned long touch(volatile char *area, int store, unsigned long empty)
{
    for (size_t i = 0; i < WARM_UP + SAMPLES; i++) {
        volatile char *at = area + i * PAGE;
        unsigned long begin = instructions();
        if (store)
            *at = 1;
        else
            (void)*at;
        unsigned long end = instructions();
        if (i >= WARM_UP)
            sample[i - WARM_UP] = end - begin - empty - 1;
    }
    return median(SAMPLES);
}

static void fault_rows(unsigned long empty)
{
    volatile char *area = ready_area(WARM_UP + SAMPLES);
    rest(200);
    row("fault_zero_write_pool", touch(area, 1, empty));
    area = ready_area(WARM_UP + SAMPLES);
    row("fault_zero_read", touch(area, 0, empty));
    rest(200);
    row("fault_zero_upgrade", touch(area, 1, empty));
}

/* A child that holds everything as it is until the pipe is closed. */
static pid_t holder(int *release)
{
    int ends[2];
    char word;
    if (pipe(ends) < 0)
        exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[1]);
        _exit(read(ends[0], &word, 1) != 0);
    }
    close(ends[0]);
    *release = ends[1];
    return pid;
}

static void let_go(pid_t pid, int release)
{
    close(release);
    waitpid(pid, NULL, 0);
}

static void copy_rows(unsigned long empty)
{
    int release;
    volatile char *area = ready_area(WARM_UP + SAMPLES);
    for (size_t i = 0; i < WARM_UP + SAMPLES; i++)
        area[i * PAGE] = 1;
    pid_t pid = holder(&release);
    rest(200);
    row("cow_copy", touch(area, 1, empty));
    let_go(pid, release);
    pid = holder(&release);
    let_go(pid, release);
    row("cow_sole", touch(area, 1, empty));
}

/* Median cost of fork() itself, as the parent sees it; the child only ends. */
static unsigned long fork_cost(void)
{
    for (size_t i = 0; i < FORK_SAMPLES; i++) {
        unsigned long begin = instructions();
        pid_t pid = fork();
        unsigned long end = instructions();
        if (pid == 0)
            _exit(0);
        waitpid(pid, NULL, 0);
        sample[i] = end - begin;
    }
    return median(FORK_SAMPLES);
}

/* What a resident page adds to a fork: the difference that FORK_PAGES more of them make. */
static void fork_page(void)
{
    unsigned long small = fork_cost();
    volatile char *area = new_area(FORK_PAGES);
    for (size_t i = 0; i < FORK_PAGES; i++)
        area[i * PAGE] = 1;
    fork_cost();
    unsigned long large = fork_cost();
    row("fork_page", (large - small + FORK_PAGES / 2) / FORK_PAGES);
    munmap((void *)area, FORK_PAGES * PAGE);
}

static void life(const char *name, const char *program)
{
    rest(300); /* frames are cleared ahead, as they are between commands */
    for (size_t i = 0; i < WARM_UP + FORK_SAMPLES; i++) {
        int status;
        unsigned long begin = instructions();
        pid_t pid = fork();
        if (pid == 0) {
            if (program)
                execl(program, program, (char *)NULL);
            _exit(program != NULL);
        }
        if (waitpid(pid, &status, 0) != pid || status != 0)
            exit(1);
        if (i >= WARM_UP)
            sample[i - WARM_UP] = instructions() - begin;
    }
    row(name, median(FORK_SAMPLES));
}

int main(void)
{
    unsigned long empty = overhead();
    life("fork_exit_wait", NULL);
    life("fork_exec_exit_wait", "/bin/true");
    fork_page();
    for (size_t i = 0; i < AREAS; i++)
        mprotect((void *)new_area(2), PAGE, PROT_READ);
    fault_rows(empty);
    copy_rows(empty);
    return 0;
}
