/* The loader: part of every address space, mapped read and execute only. It maps the segments of the
 * program file that the argument block names, and enters it. exec has checked the file in the old
 * image; a file that was changed since, or memory that ran out, ends the process with one line.
 *
 * The first process has no old image: its block comes from proc, its program is opened here. */
#include <abi/layout.h>
#include <lib/elf/elf.h>
#include <string.h>
#include <proto/fs.h>
#include <proto/pager.h>
#include <proto/proc.h>
#include "message.h"

#define NO_FD (~0UL)
#define FD_ANONYMOUS 0xffffUL
#define STATUS_NOT_LOADED 127

/* For entry.S: block in a0, entry in a1. */
struct entry {
    struct exec_args *args;
    uint64_t pc;
};
struct entry load(struct exec_args *args);

static size_t length(const char *text)
{
    size_t n = 0;

    while (text[n])
        n++;
    return n;
}

/* "loader: PATH: REASON" on descriptor 2, and the end. */
static void __attribute__((noreturn)) give_up(const char *path, const char *reason)
{
    static const char start[] = "loader: ";
    const char *const parts[] = {start, path, ": ", reason, "\n"};
    char line[256];
    size_t n = 0;

    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        for (const char *c = parts[i]; *c && n < sizeof line; c++)
            line[n++] = *c;
    message_call(PROG_FS, fs_OP_write, (uint64_t[4]){2, n}, &(struct bytes){line, n, NULL, 0});
    for (;;)
        message_call(PROG_PROC, proc_OP_exit, (uint64_t[4]){STATUS_NOT_LOADED}, NULL);
}

static const char *error_text(int rc)
{
    switch (rc) {
#define X(name, value, posix, text)                                                                \
    case value:                                                                                    \
        return text;
        ERR_LIST(X)
#undef X
    default:
        return "unknown error";
    }
}

/* Map [va, va + len) privately: the file from `offset` on, or zeros. */
static int map(uint64_t va, uint64_t len, unsigned prot, uint64_t fd, uint64_t offset)
{
    unsigned flags = PAGER_MAP_PRIVATE | PAGER_MAP_FIXED;
    uint64_t word[4] = {va, len, 0, fd << 48 | offset / PAGE_SIZE};

    if (fd == FD_ANONYMOUS)
        flags |= PAGER_MAP_ANONYMOUS;
    word[2] = prot | flags << 8;
    return message_call(PROG_PAGER, pager_OP_mmap, word, NULL);
}

static unsigned protection(uint32_t flags)
{
    return (flags & ELF_R ? PAGER_PROT_READ : 0) | (flags & ELF_W ? PAGER_PROT_WRITE : 0) |
           (flags & ELF_X ? PAGER_PROT_EXEC : 0);
}

/* The file's bytes behind the segment's, in its last page, are not the program's. */
static void clear_tail(const struct elf_segment *s)
{
    char *at = (char *)(s->va + s->file_bytes);

    memset(at, 0, -(uint64_t)at & PAGE_MASK);
}

static int map_segment(const struct elf_segment *s, uint64_t fd)
{
    uint64_t first = s->va & ~PAGE_MASK;
    uint64_t file_end = (s->va + s->file_bytes + PAGE_MASK) & ~PAGE_MASK;
    uint64_t end = (s->va + s->mem_bytes + PAGE_MASK) & ~PAGE_MASK;
    int rc = 0;

    if (s->file_bytes == 0)
        file_end = first;
    if (s->file_bytes)
        rc = map(first, file_end - first, protection(s->flags), fd, s->offset & ~PAGE_MASK);
    if (rc == 0 && s->file_bytes && s->mem_bytes > s->file_bytes && (s->flags & ELF_W))
        clear_tail(s);
    if (rc == 0 && end > file_end)
        rc = map(file_end, end - file_end, protection(s->flags), FD_ANONYMOUS, 0);
    return rc;
}

static uint64_t file_bytes(uint64_t fd, const char *path)
{
    struct fs_stat st;
    uint64_t word[4] = {fd, 2, 0};
    int rc = message_call(PROG_FS, fs_OP_stat, word, &(struct bytes){NULL, 0, &st, sizeof st});

    if (rc)
        give_up(path, error_text(rc));
    return st.size;
}

static uint64_t load_image(uint64_t fd, const char *path)
{
    char head[ELF_HEAD_BYTES];
    struct elf_image image;
    uint64_t word[4] = {fd, (uint64_t)head, sizeof head, 0};
    int rc = message_call(PROG_PAGER, pager_OP_pread, word, NULL);

    if (rc)
        give_up(path, error_text(rc));
    if (elf_check(head, word[0], file_bytes(fd, path), &image))
        give_up(path, image.reason);
    for (unsigned i = 0; i < image.nsegments && rc == 0; i++)
        rc = map_segment(&image.segment[i], fd);
    if (rc == 0)
        rc = message_call(PROG_PAGER, pager_OP_heap,
                          (uint64_t[4]){image.end, image.careful, image.careful_end}, NULL);
    if (rc)
        give_up(path, error_text(rc));
    message_call(PROG_FS, fs_OP_close, (uint64_t[4]){fd}, NULL);
    return image.entry;
}

static uint64_t open_program(const char *path)
{
    size_t n = length(path);
    uint64_t word[4] = {FS_CWD, FS_READ, 0, n};
    int rc = message_call(PROG_FS, fs_OP_open, word, &(struct bytes){path, n, NULL, 0});

    if (rc)
        give_up(path, error_text(rc));
    return word[0];
}

/* proc's block has offsets for pointers. */
static void relocate(struct exec_args *args)
{
    uint64_t base = (uint64_t)args;
    uint64_t *pointer;

    args->argv += base;
    args->envp += base;
    args->path += base;
    pointer = (uint64_t *)args->argv;
    for (uint64_t i = 0; i < args->argc; i++)
        pointer[i] += base;
    pointer = (uint64_t *)args->envp;
    for (uint64_t i = 0; i < args->envc; i++)
        pointer[i] += base;
}

/* The block of the first process, in memory of its own. */
static struct exec_args *first_args(void)
{
    static const char who[] = "first process";
    uint64_t word[4] = {0}, map_word[4] = {0};
    uint64_t total, at = 0;
    int rc = message_call(PROG_PROC, proc_OP_args, word, NULL);

    total = word[0];
    map_word[1] = (total + PAGE_MASK) & ~PAGE_MASK;
    map_word[2] = PAGER_PROT_READ | PAGER_PROT_WRITE |
                  (PAGER_MAP_PRIVATE | PAGER_MAP_ANONYMOUS) << 8;
    map_word[3] = FD_ANONYMOUS << 48;
    if (rc == 0)
        rc = message_call(PROG_PAGER, pager_OP_mmap, map_word, NULL);
    while (rc == 0 && at < total) {
        struct bytes piece = {NULL, 0, (char *)map_word[0] + at, total - at};

        word[0] = at;
        rc = message_call(PROG_PROC, proc_OP_args, word, &piece);
        if (rc == 0 && word[1] == 0)
            rc = ERR_BADMSG;
        at += word[1];
    }
    if (rc)
        give_up(who, error_text(rc));
    relocate((struct exec_args *)map_word[0]);
    return (struct exec_args *)map_word[0];
}

struct entry load(struct exec_args *args)
{
    const char *path;
    uint64_t fd;

    if (args == NULL)
        args = first_args();
    path = (const char *)args->path;
    fd = args->fd == NO_FD ? open_program(path) : args->fd;
    return (struct entry){args, load_image(fd, path)};
}
