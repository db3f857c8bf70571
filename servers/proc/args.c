/* See args.h. */
#include "args.h"
#include <string.h>
#include <proto/proc.h>

static const char shell[] = "/bin/sh";
static const char *const environment[] = {
    "PATH=/bin", "HOME=/", "TERM=vt100", "USER=root", "LOGNAME=root", "SHELL=/bin/sh", "PWD=/",
};
#define ENVC (sizeof environment / sizeof *environment)

struct block {
    char *base;
    size_t at, max; /* at > max: it did not fit */
};

static uint64_t put(struct block *b, const char *text, size_t n)
{
    uint64_t here = b->at;

    if (b->at + n <= b->max)
        memcpy(b->base + b->at, text, n);
    b->at += n;
    return here;
}

static size_t count(const char *argv, size_t bytes)
{
    size_t n = 0;

    for (size_t i = 0; i < bytes; i++)
        n += argv[i] == '\0';
    return n;
}

static uint64_t put_path(struct block *b, const char *name)
{
    uint64_t here = b->at;

    if (!strchr(name, '/'))
        put(b, "/bin/", 5);
    put(b, name, strlen(name) + 1);
    return here;
}

size_t args_build(const char *argv, size_t argv_bytes, void *out, size_t max_bytes)
{
    struct exec_args head = {.fd = ~0UL, .envc = ENVC};
    struct block b = {out, 0, max_bytes};
    uint64_t *pointer;

    if (argv_bytes == 0) {
        argv = shell;
        argv_bytes = sizeof shell;
    }
    if (argv[argv_bytes - 1] != '\0')
        return 0;
    head.argc = count(argv, argv_bytes);
    head.argv = sizeof head;
    head.envp = head.argv + (head.argc + 1) * 8;
    b.at = head.envp + (ENVC + 1) * 8;
    if (b.at > max_bytes)
        return 0;
    memset(out, 0, b.at);
    pointer = (uint64_t *)((char *)out + head.argv);
    for (size_t i = 0; i < argv_bytes; i += strlen(argv + i) + 1)
        *pointer++ = put(&b, argv + i, strlen(argv + i) + 1);
    pointer = (uint64_t *)((char *)out + head.envp);
    for (size_t i = 0; i < ENVC; i++)
        *pointer++ = put(&b, environment[i], strlen(environment[i]) + 1);
    head.path = put_path(&b, argv);
    if (b.at > max_bytes)
        return 0;
    head.bytes = (b.at + PAGE_MASK) & ~PAGE_MASK;
    memcpy(out, &head, sizeof head);
    return b.at;
}
