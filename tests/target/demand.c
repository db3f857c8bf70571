/* Demand paging: exec maps, pages come in when touched, text is shared, and a file that is no program
 * is refused to the caller, which goes on. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BIG_PAGES 256
#define MADE "/tmp/made"

/* In the program's file, and nobody reads it before the test does. */
static const char big[BIG_PAGES * PAGE] = {[BIG_PAGES * PAGE - 1] = 1};

static char image[1 << 20];
static size_t image_bytes;

static void pages_come_in_when_touched(void)
{
    volatile const char *text = big;
    unsigned long resident = counters_resident(), seen = 0;
    for (size_t i = 0; i < 4; i++)
        seen += text[(i * 61 + 3) * PAGE];
    CHECK_EQ(seen, 0);
    CHECK(counters_resident() > resident);
    CHECK(counters_resident() <= resident + 4 * 32);
    for (size_t i = 0; i < BIG_PAGES; i++)
        seen += text[(i + 1) * PAGE - 1];
    CHECK_EQ(seen, 1);
}

static void run_true(void)
{
    execl("/bin/true", "true", (char *)NULL);
    _exit(9);
}

static void a_second_run_reads_nothing_from_disk(void)
{
    CHECK_EQ(tap_in_child(run_true), 0);
    struct pager_stats before = counters_all();
    for (int i = 0; i < 3; i++)
        CHECK_EQ(tap_in_child(run_true), 0);
    struct pager_stats after = counters_all();
    CHECK_EQ(after.file_reads, before.file_reads);
    CHECK_EQ(after.frames_file, before.frames_file);
    CHECK(after.actions[PAGER_ACTION_file_map] > before.actions[PAGER_ACTION_file_map]);
}

/* Make MADE from `bytes` of `from`, executable. */
static bool make(const void *from, size_t bytes)
{
    unlink(MADE);
    int fd = open(MADE, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    bool good = fd >= 0 && write(fd, from, bytes) == (ssize_t)bytes;
    close(fd);
    return good;
}

static bool load_true(void)
{
    int fd = open("/bin/true", O_RDONLY);
    ssize_t got = read(fd, image, sizeof image);
    close(fd);
    image_bytes = got > 0 ? (size_t)got : 0;
    return got > 1000 && got < (ssize_t)sizeof image;
}

/* exec of MADE in a child. => 0 if it came back with `code`, else what happened. */
static int exec_fails_with(const char *path, int code)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        execl(path, path, (char *)NULL);
        _exit(errno == code ? 0 : errno == 0 ? 255 : errno);
    }
    return waitpid(pid, &status, 0) == pid ? status : -1;
}

static void an_intact_copy_runs(void)
{
    CHECK(load_true());
    CHECK(make(image, image_bytes));
    CHECK_EQ(exec_fails_with(MADE, 0), 0);
}

static void what_is_no_program_is_refused(void)
{
    CHECK(load_true());
    CHECK(make("", 0));
    CHECK_EQ(exec_fails_with(MADE, ENOEXEC), 0);
    CHECK(make("just some words\n", 16));
    CHECK_EQ(exec_fails_with(MADE, ENOEXEC), 0);
    for (size_t cut = 1; cut < 64 + 56; cut += 7) {
        CHECK(make(image, cut));
        CHECK_EQ(exec_fails_with(MADE, ENOEXEC), 0);
    }
}

/* One field of the ELF header or of the first program header wrong at a time. */
static void a_corrupt_header_is_refused(void)
{
    static const struct {
        size_t offset, bytes;
        unsigned long value;
    } wrong[] = {
        {4, 1, 1},                 /* 32 bits */
        {5, 1, 2},                 /* big endian */
        {16, 2, 1},                /* an object file */
        {18, 2, 62},               /* another machine */
        {24, 8, 0},                /* entry at 0 */
        {24, 8, ~0UL},             /* entry in nowhere */
        {32, 8, ~0UL},             /* program headers behind the end */
        {54, 2, 1},                /* headers of one byte */
        {56, 2, 0},                /* no program headers */
        {56, 2, 0xffff},           /* far too many */
    };
    CHECK(load_true());
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char saved[8];
        memcpy(saved, image + wrong[i].offset, 8);
        memcpy(image + wrong[i].offset, &wrong[i].value, wrong[i].bytes);
        CHECK(make(image, image_bytes));
        memcpy(image + wrong[i].offset, saved, 8);
        tap_note("field at %zu = %#lx", wrong[i].offset, wrong[i].value);
        CHECK_EQ(exec_fails_with(MADE, ENOEXEC), 0);
    }
}

static void a_file_that_may_not_run_is_refused(void)
{
    CHECK_EQ(exec_fails_with("/tmp/there-is-none", ENOENT), 0);
    CHECK_EQ(exec_fails_with("/tmp", EACCES), 0);
    CHECK_EQ(exec_fails_with("/bin/true/x", ENOTDIR), 0);
    CHECK(load_true() && make(image, image_bytes));
    CHECK_OK(chmod(MADE, 0644));
    CHECK_EQ(exec_fails_with(MADE, EACCES), 0);
}

/* Random damage anywhere: refused, run, or ended by a signal, but never more than that. */
static void random_damage_hurts_nobody_else(void)
{
    for (int i = 0; i < 40; i++) {
        CHECK(load_true());
        for (int k = 0; k < 4; k++)
            image[tap_random() % (i % 2 ? 256 : image_bytes)] ^= 1 << tap_random() % 8;
        CHECK(make(image, image_bytes));
        int status;
        pid_t pid = fork();
        if (pid == 0) {
            alarm(2);
            execl(MADE, MADE, (char *)NULL);
            _exit(1);
        }
        CHECK(waitpid(pid, &status, 0) == pid);
    }
    CHECK(load_true() && make(image, image_bytes));
    CHECK_EQ(exec_fails_with(MADE, 0), 0);
    unlink(MADE);
}

static void a_script_runs_by_its_first_line(void)
{
    static const char script[] = "#!/bin/sh\nexit 42\n";
    CHECK(make(script, sizeof script - 1));
    CHECK_EQ(exec_fails_with(MADE, 0), 42 << 8);
    unlink(MADE);
}

TAP_MAIN(pages_come_in_when_touched, a_second_run_reads_nothing_from_disk, an_intact_copy_runs,
         what_is_no_program_is_refused, a_corrupt_header_is_refused,
         a_file_that_may_not_run_is_refused, random_damage_hurts_nobody_else,
         a_script_runs_by_its_first_line)
