/* Memory-mapped files: what a mapping shows, what it writes and when, how it is cut. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_NAME "/tmp/mapped"
#define PAGES 16
#define BYTES (PAGES * PAGE)
#define RW (PROT_READ | PROT_WRITE)

static char buffer[BYTES];

static char pattern(size_t i)
{
    return (char)(i * 31 + i / PAGE * 7 + 1);
}

/* A new file of BYTES in the pattern. => its descriptor. */
static int new_file(void)
{
    unlink(FILE_NAME);
    int fd = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (size_t i = 0; i < BYTES; i++)
        buffer[i] = pattern(i);
    return write(fd, buffer, BYTES) == BYTES ? fd : -1;
}

static bool shows_pattern(const char *area, size_t first, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (area[i] != pattern(first + i))
            return false;
    return true;
}

static void a_mapping_shows_the_file_lazily(void)
{
    int fd = new_file();
    CHECK_OK(fd);
    unsigned long resident = counters_resident();
    char *area = mmap(NULL, BYTES, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(area != MAP_FAILED);
    CHECK_EQ(counters_resident(), resident);
    CHECK(shows_pattern(area, 0, BYTES));
    CHECK(counters_resident() >= resident + PAGES);
    munmap(area, BYTES);
    CHECK_EQ(counters_resident(), resident);
    close(fd);
}

static void an_offset_shows_that_part(void)
{
    int fd = new_file();
    char *area = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 5 * PAGE);
    CHECK(area != MAP_FAILED);
    CHECK(shows_pattern(area, 5 * PAGE, 2 * PAGE));
    munmap(area, 2 * PAGE);
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 100) == MAP_FAILED);
    CHECK_EQ(errno, EINVAL);
    close(fd);
}

static void read_and_write_agree_with_a_mapping(void)
{
    int fd = new_file();
    char *area = mmap(NULL, BYTES, RW, MAP_SHARED, fd, 0);
    CHECK(area != MAP_FAILED);
    CHECK_EQ(pwrite(fd, "written", 7, 3 * PAGE - 3), 7);
    CHECK(memcmp(area + 3 * PAGE - 3, "written", 7) == 0);
    memcpy(area + 7 * PAGE + 9, "stored", 6);
    CHECK_EQ(pread(fd, buffer, 6, 7 * PAGE + 9), 6);
    CHECK(memcmp(buffer, "stored", 6) == 0);
    munmap(area, BYTES);
    close(fd);
    fd = open(FILE_NAME, O_RDONLY);
    CHECK_EQ(pread(fd, buffer, 6, 7 * PAGE + 9), 6);
    CHECK(memcmp(buffer, "stored", 6) == 0);
    close(fd);
}

static void private_stores_never_reach_the_file(void)
{
    int fd = new_file();
    char *area = mmap(NULL, BYTES, RW, MAP_PRIVATE, fd, 0);
    CHECK(area != MAP_FAILED);
    memset(area, 0x11, BYTES / 2);
    CHECK_EQ(pread(fd, buffer, BYTES, 0), BYTES);
    CHECK(shows_pattern(buffer, 0, BYTES));
    CHECK(area[10] == 0x11);
    CHECK(shows_pattern(area + BYTES / 2, BYTES / 2, BYTES / 2));
    munmap(area, BYTES);
    close(fd);
}

static void a_mapping_outlives_its_descriptor_and_its_name(void)
{
    int fd = new_file();
    char *area = mmap(NULL, BYTES, RW, MAP_SHARED, fd, 0);
    CHECK(area != MAP_FAILED);
    close(fd);
    unlink(FILE_NAME);
    CHECK(shows_pattern(area, 0, BYTES));
    area[0] = 'x';
    CHECK(area[0] == 'x');
    munmap(area, BYTES);
}

static char *shared;

static void store_in_child(void)
{
    CHECK(shared[0] == 'p');
    shared[PAGE] = 'c';
}

static void parent_and_child_see_the_same_frame(void)
{
    int fd = new_file();
    shared = mmap(NULL, BYTES, RW, MAP_SHARED, fd, 0);
    CHECK(shared != MAP_FAILED);
    shared[0] = 'p';
    CHECK_EQ(tap_in_child(store_in_child), 0);
    CHECK(shared[PAGE] == 'c');
    CHECK_EQ(pread(fd, buffer, 1, PAGE), 1);
    CHECK(buffer[0] == 'c');
    munmap(shared, BYTES);
    close(fd);
}

static void anonymous_shared_memory_is_shared_with_children(void)
{
    shared = mmap(NULL, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    shared[0] = 'p';
    CHECK_EQ(tap_in_child(store_in_child), 0);
    CHECK(shared[PAGE] == 'c');
    munmap(shared, 2 * PAGE);
}

static int signal_of(void (*body)(void))
{
    int status = tap_in_child(body);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static char *target;

static void load_target(void)
{
    (void)*(volatile char *)target;
}

static void store_target(void)
{
    *(volatile char *)target = 1;
}

static void cutting_a_mapping_leaves_the_rest(void)
{
    int fd = new_file();
    char *area = mmap(NULL, BYTES, RW, MAP_SHARED, fd, 0);
    CHECK(area != MAP_FAILED);
    memset(area, 0x22, BYTES);
    CHECK_OK(munmap(area, 2 * PAGE));
    CHECK_OK(munmap(area + 14 * PAGE, 2 * PAGE));
    CHECK_OK(munmap(area + 6 * PAGE, 3 * PAGE));
    CHECK(area[2 * PAGE] == 0x22 && area[6 * PAGE - 1] == 0x22);
    CHECK(area[9 * PAGE] == 0x22 && area[14 * PAGE - 1] == 0x22);
    static const int holes[] = {0, 1, 6, 7, 8, 14, 15};
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
        target = area + holes[i] * PAGE;
        CHECK_EQ(signal_of(load_target), SIGSEGV);
    }
    CHECK_EQ(pread(fd, buffer, BYTES, 0), BYTES);
    for (size_t i = 0; i < BYTES; i++)
        CHECK(buffer[i] == 0x22);
    CHECK_OK(munmap(area, BYTES));
    close(fd);
}

static void protection_changes_at_once(void)
{
    char *area = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(area != MAP_FAILED);
    memset(area, 3, 4 * PAGE);
    CHECK_OK(mprotect(area + PAGE, 2 * PAGE, PROT_READ));
    target = area + PAGE;
    CHECK_EQ(signal_of(store_target), SIGSEGV);
    CHECK_EQ(signal_of(load_target), 0);
    CHECK_OK(mprotect(area + PAGE, PAGE, PROT_NONE));
    CHECK_EQ(signal_of(load_target), SIGSEGV);
    target = area;
    CHECK_EQ(signal_of(store_target), 0);
    CHECK_OK(mprotect(area, 4 * PAGE, RW));
    for (size_t i = 0; i < 4 * PAGE; i++)
        CHECK(area[i] == 3);
    area[PAGE] = 4;
    munmap(area, 4 * PAGE);
    CHECK_FAILS(mprotect(area, 4 * PAGE, PROT_READ), ENOMEM);
}

static void a_read_only_file_cannot_be_mapped_for_shared_writing(void)
{
    close(new_file());
    int fd = open(FILE_NAME, O_RDONLY);
    CHECK(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0) == MAP_FAILED);
    CHECK_EQ(errno, EACCES);
    char *area = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(area != MAP_FAILED);
    CHECK_FAILS(mprotect(area, PAGE, RW), EACCES);
    munmap(area, PAGE);
    area = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0);
    CHECK(area != MAP_FAILED);
    area[0] = 1;
    munmap(area, PAGE);
    close(fd);
}

static void beyond_the_end_of_file_is_sigbus(void)
{
    int fd = new_file();
    CHECK_OK(ftruncate(fd, 2 * PAGE + 10));
    shared = mmap(NULL, BYTES, RW, MAP_SHARED, fd, 0);
    CHECK(shared != MAP_FAILED);
    CHECK(shows_pattern(shared, 0, 2 * PAGE + 10));
    for (size_t i = 2 * PAGE + 10; i < 3 * PAGE; i++)
        CHECK(shared[i] == 0);
    target = shared + 3 * PAGE;
    CHECK_EQ(signal_of(load_target), SIGBUS);
    CHECK_EQ(signal_of(store_target), SIGBUS);
    CHECK_OK(ftruncate(fd, 4 * PAGE));
    CHECK_EQ(signal_of(load_target), 0);
    CHECK(shared[3 * PAGE] == 0);
    CHECK_OK(ftruncate(fd, PAGE));
    CHECK_EQ(signal_of(load_target), SIGBUS);
    CHECK(shared[0] == pattern(0));
    munmap(shared, BYTES);
    close(fd);
}

static void a_file_that_shrinks_and_grows_shows_zeros(void)
{
    int fd = new_file();
    char *area = mmap(NULL, BYTES, RW, MAP_SHARED, fd, 0);
    CHECK(area != MAP_FAILED);
    CHECK(shows_pattern(area, 0, BYTES));
    CHECK_OK(ftruncate(fd, PAGE + 100));
    CHECK_OK(ftruncate(fd, BYTES));
    CHECK(shows_pattern(area, 0, PAGE + 100));
    for (size_t i = PAGE + 100; i < BYTES; i++)
        CHECK(area[i] == 0);
    munmap(area, BYTES);
    close(fd);
}

static void only_dirty_pages_are_written(void)
{
    int fd = new_file();
    CHECK_OK(fsync(fd));
    char *area = mmap(NULL, BYTES, RW, MAP_SHARED, fd, 0);
    CHECK(area != MAP_FAILED);
    CHECK(shows_pattern(area, 0, BYTES));
    unsigned long writes = counters_all().file_writes;
    CHECK_OK(msync(area, BYTES, MS_SYNC));
    CHECK_EQ(counters_all().file_writes, writes);
    area[2 * PAGE] = 1;
    area[9 * PAGE] = 1;
    CHECK_OK(msync(area, BYTES, MS_SYNC));
    CHECK_EQ(counters_all().file_writes, writes + 2);
    area[2 * PAGE] = 2;
    CHECK_OK(msync(area, BYTES, MS_SYNC));
    CHECK_EQ(counters_all().file_writes, writes + 3);
    munmap(area, BYTES);
    CHECK_FAILS(msync(area, BYTES, MS_SYNC), ENOMEM);
    close(fd);
}

static void a_fixed_mapping_replaces_what_was_there(void)
{
    int fd = new_file();
    char *area = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(area != MAP_FAILED);
    memset(area, 8, 4 * PAGE);
    CHECK(mmap(area + PAGE, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == area + PAGE);
    CHECK(area[0] == 8 && area[3 * PAGE] == 8);
    CHECK(shows_pattern(area + PAGE, 0, 2 * PAGE));
    munmap(area, 4 * PAGE);
    close(fd);
}

static void nonsense_is_refused(void)
{
    int ends[2];
    CHECK_OK(pipe(ends));
    CHECK(mmap(NULL, 0, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, 99, 0) == MAP_FAILED && errno == EBADF);
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, ends[0], 0) == MAP_FAILED && errno == ENODEV);
    CHECK(mmap(NULL, 1UL << 45, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    CHECK_EQ(errno, ENOMEM);
    CHECK(mmap((void *)1, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
    CHECK_EQ(errno, EINVAL);
    CHECK_FAILS(munmap((void *)1, PAGE), EINVAL);
    close(ends[0]);
    close(ends[1]);
    unlink(FILE_NAME);
}

TAP_MAIN(a_mapping_shows_the_file_lazily, an_offset_shows_that_part,
         read_and_write_agree_with_a_mapping, private_stores_never_reach_the_file,
         a_mapping_outlives_its_descriptor_and_its_name, parent_and_child_see_the_same_frame,
         anonymous_shared_memory_is_shared_with_children, cutting_a_mapping_leaves_the_rest,
         protection_changes_at_once, a_read_only_file_cannot_be_mapped_for_shared_writing,
         beyond_the_end_of_file_is_sigbus, a_file_that_shrinks_and_grows_shows_zeros,
         only_dirty_pages_are_written, a_fixed_mapping_replaces_what_was_there,
         nonsense_is_refused)
