/* Memory-mapped files: mappings, read() and write() see the same frames; private stores stay
 * private; only what was changed is written. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/demo/demo.h"

#define FILE_PAGES 4
#define TAIL 100 /* bytes in the last, partial page */
#define FILE_BYTES (FILE_PAGES * PAGE + TAIL)
#define MAPPED_PAGES (FILE_PAGES + 3)

static const char path[] = "/tmp/demo.mmap";

/* The byte that stands at an offset of the new file. */
static unsigned char byte_at(size_t offset)
{
    return (unsigned char)(offset / PAGE * 16 + offset % 13 + 1);
}

static int make_file(void)
{
    static unsigned char bytes[FILE_BYTES];
    int fd;

    mkdir("/tmp", 0777);
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
    need(fd >= 0, path);
    for (size_t i = 0; i < FILE_BYTES; i++)
        bytes[i] = byte_at(i);
    need(write(fd, bytes, FILE_BYTES) == (ssize_t)FILE_BYTES, "write");
    return fd;
}

static unsigned char *map(int fd, size_t bytes, int flags, off_t offset)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, offset);

    need(memory != MAP_FAILED, "mmap");
    return memory;
}

static unsigned char byte_in_file(int fd, off_t offset)
{
    unsigned char byte = 0;

    need(pread(fd, &byte, 1, offset) == 1, "pread");
    return byte;
}

static void put_byte(int fd, off_t offset, unsigned char byte)
{
    need(pwrite(fd, &byte, 1, offset) == 1, "pwrite");
}

static bool holds_file(const volatile unsigned char *memory)
{
    for (size_t i = 0; i < FILE_BYTES; i++)
        if (memory[i] != byte_at(i))
            return false;
    return true;
}

static void show_shared(int fd, volatile unsigned char *shared)
{
    volatile unsigned char *again = map(fd, PAGE, MAP_SHARED, 0);
    struct pager_stats before;

    claim(holds_file(shared), "a shared mapping holds the file's bytes");
    shared[10] = 201;
    claim(byte_in_file(fd, 10) == 201, "read() sees what was stored through the mapping");
    put_byte(fd, 11, 202);
    claim(shared[11] == 202, "the mapping sees what write() wrote");
    claim(again[10] == 201 && again[11] == 202, "a second mapping shows the same frame");
    before = system_now();
    claim(!msync((void *)shared, MAPPED_PAGES * PAGE, MS_SYNC) &&
              system_now().file_writes > before.file_writes,
          "msync() writes what was changed");
    before = system_now();
    claim(!msync((void *)shared, MAPPED_PAGES * PAGE, MS_SYNC) &&
              system_now().file_writes == before.file_writes,
          "and nothing if nothing was changed");
    free_memory((void *)again, PAGE);
    show_faults((const void *)shared, MAPPED_PAGES * PAGE);
}

static void show_private(int fd)
{
    volatile unsigned char *private = map(fd, FILE_BYTES, MAP_PRIVATE, 0);

    private[PAGE] = 203;
    claim(private[PAGE] == 203 && byte_in_file(fd, PAGE) == byte_at(PAGE),
          "a store to a private mapping never reaches the file");
    claim(faults_in((const void *)private, FILE_BYTES, PAGER_ACTION_file_copy) > 0,
          "it got a private copy of the page");
    show_faults((const void *)private, FILE_BYTES);
    free_memory((void *)private, FILE_BYTES);
}

static void show_offset(int fd)
{
    volatile unsigned char *part = map(fd, PAGE, MAP_SHARED, 2 * PAGE);

    claim(part[0] == byte_at(2 * PAGE) && part[77] == byte_at(2 * PAGE + 77),
          "a mapping may begin at an offset");
    free_memory((void *)part, PAGE);
}

static int load(void *address)
{
    return *(volatile unsigned char *)address == 77;
}

static void show_end(volatile unsigned char *shared)
{
    int status;

    claim(shared[FILE_BYTES] == 0 && shared[(FILE_PAGES + 1) * PAGE - 1] == 0,
          "behind the file's last byte its last page reads as zero");
    status = finish_child(start_child(load, (void *)(shared + (FILE_PAGES + 1) * PAGE)));
    claim(died_by(status, SIGBUS), "a load from a page beyond the end is SIGBUS (%s)",
          status_text(status));
}

static int store_301(void *memory)
{
    ((volatile unsigned char *)memory)[301] = 204;
    return 0;
}

static void show_fork(volatile unsigned char *shared)
{
    volatile unsigned char *anonymous = map(-1, PAGE, MAP_SHARED | MAP_ANONYMOUS, 0);

    finish_child(start_child(store_301, (void *)shared));
    claim(shared[301] == 204, "a child inherits the mapping: its store is seen by the parent");
    finish_child(start_child(store_301, (void *)anonymous));
    claim(anonymous[301] == 204, "so does one of shared memory without a file");
    free_memory((void *)anonymous, PAGE);
}

static void show_unmap(volatile unsigned char *shared)
{
    int status;

    need(!munmap((void *)(shared + PAGE), PAGE), "munmap");
    claim(shared[0] == byte_at(0) && shared[2 * PAGE] == byte_at(2 * PAGE),
          "unmapping the middle leaves both sides");
    status = finish_child(start_child(load, (void *)(shared + PAGE)));
    claim(died_by(status, SIGSEGV), "and the hole is SIGSEGV (%s)", status_text(status));
}

static void run(void)
{
    struct pager_stats before = system_now(), after;
    int fd = make_file(), again;
    volatile unsigned char *shared = map(fd, MAPPED_PAGES * PAGE, MAP_SHARED, 0);

    show_shared(fd, shared);
    show_private(fd);
    show_offset(fd);
    show_end(shared);
    close(fd);
    shared[300] = 205;
    again = open(path, O_RDONLY);
    need(again >= 0, path);
    claim(byte_in_file(again, 300) == 205, "the mapping outlives close()");
    show_fork(shared);
    show_unmap(shared);
    free_memory((void *)shared, MAPPED_PAGES * PAGE);
    claim(byte_in_file(again, 301) == 204, "after munmap() the file has what was stored");
    close(again);
    unlink(path);
    after = system_now();
    show_frames("before", &before);
    show_frames("after", &after);
}

const struct demo demo_mmap = {"mmap", "files as memory", run};
