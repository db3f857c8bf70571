/* Nobody waits for the disk of another: on a disk that takes a quarter of a second for each read, one
 * process reads a cold file while another's faults are answered at once. Says `ready`, and begins
 * when a line comes in: the host slows the disk down in between. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COLD "/cold"
#define READ_MS 100 /* at least: what the disk is slowed down to, with room for error */
#define FAULTS 500

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The slow one: says when each read begins and ends, page by page far apart, until killed. */
static void read_cold(int tell)
{
    int fd = open(COLD, O_RDONLY);
    char word;
    for (off_t at = 0; pread(fd, &word, 1, at) == 1; at += 64 * (off_t)PAGE) {
        long when = now_ms();
        if (write(tell, &when, sizeof when) != sizeof when)
            break;
    }
    _exit(1);
}

static void another_process_goes_on(void)
{
    int tell[2];
    long first, second;
    char line[8];
    unsigned long fills = counters_action(PAGER_ACTION_zero_fill);
    CHECK_OK(pipe(tell));
    puts("ready");
    fflush(stdout);
    CHECK(read(0, line, sizeof line) > 0);
    pid_t slow = fork();
    if (slow == 0)
        read_cold(tell[1]);
    close(tell[1]);
    CHECK_EQ(read(tell[0], &first, sizeof first), sizeof first);
    volatile char *area = mmap(NULL, FAULTS * PAGE, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long begin = now_ms();
    for (size_t i = 0; i < FAULTS; i++)
        area[i * PAGE] = 1;
    long end = now_ms();
    CHECK(counters_action(PAGER_ACTION_zero_fill) >= fills + FAULTS);
    CHECK_EQ(read(tell[0], &second, sizeof second), sizeof second);
    CHECK_EQ(kill(slow, SIGKILL), 0);
    CHECK(waitpid(slow, NULL, 0) == slow);
    tap_note("a read %ld ms, %d faults %ld ms", second - first, FAULTS, end - begin);
    CHECK(second - first >= READ_MS);
    CHECK(end < second); /* all were answered while one read was in flight */
}

TAP_MAIN(another_process_goes_on)
