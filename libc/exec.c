/* Replacing the program: check the file while the old image can still be told of errors, build the
 * argument block, hand both over to proc. */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <lib/elf/elf.h>
#include <proto/fs.h>
#include <proto/proc.h>
#include "internal.h"

#define HEAD_BYTES 1024 /* of the file, that are looked at: #! line or ELF headers */
#define SCRIPT_DEPTH 4
#define NAME_BYTES 24

struct image {
    int fd;
    int given;          /* descriptor of the file that fexecve was given; -1: none */
    const char *path;   /* of the file that fd is */
    char *const *argv;
    unsigned skip;      /* first argv that is taken over */
    const char *prefix[2 * SCRIPT_DEPTH + 1]; /* arguments before argv[skip] */
    unsigned nprefix;
    char *lines[SCRIPT_DEPTH];      /* #! lines on the way, allocated */
};

/* Open a program file and read its head. => bytes read, or -1 with errno; fd closed then. */
static ssize_t open_image(struct image *image, char head[HEAD_BYTES], struct stat *st)
{
    ssize_t n = -1;

    image->fd = image->given < 0 ? open(image->path, O_RDONLY | O_NONBLOCK) : dup(image->given);
    image->given = -1;
    if (image->fd < 0)
        return -1;
    if (fstat(image->fd, st) == 0) {
        if (S_ISREG(st->st_mode) && (st->st_mode & 0111))
            n = pread(image->fd, head, HEAD_BYTES, 0);
        else
            errno = EACCES;
    }
    if (n < 0)
        close(image->fd);
    return n;
}

/* "#! interpreter argument": put both before the script's path. `line` is changed. */
static int add_interpreter(struct image *image, char *line)
{
    char *interpreter = line + 2 + strspn(line + 2, " \t");
    char *end = interpreter + strcspn(interpreter, " \t\n");
    char *arg = end + strspn(end, " \t");
    char *arg_end = arg + strcspn(arg, "\n");

    while (arg_end > arg && (arg_end[-1] == ' ' || arg_end[-1] == '\t' || arg_end[-1] == '\r'))
        arg_end--;
    if (interpreter == end)
        return fail(ENOEXEC);
    *end = '\0';
    *arg_end = '\0';
    memmove(image->prefix + (arg_end > arg ? 2 : 1), image->prefix,
            image->nprefix * sizeof *image->prefix);
    image->prefix[0] = interpreter;
    if (arg_end > arg)
        image->prefix[1] = arg;
    image->nprefix += arg_end > arg ? 2 : 1;
    image->path = interpreter;
    return 0;
}

/* NULL if there is none, or if it cannot be read: measure() will see that. */
static const char *first_argument(char *const argv[])
{
    const char *first = NULL;

    return user_copy(&first, argv, sizeof first) ? NULL : first;
}

/* The script at image->path becomes the (only) argument that follows its interpreter's. */
static void script_as_argument(struct image *image)
{
    if (image->nprefix == 0) {
        image->prefix[0] = image->path;
        image->nprefix = 1;
        image->skip = first_argument(image->argv) ? 1 : 0;
    } else {
        image->prefix[0] = image->path;
    }
}

/* Follow #! lines until a program is found, and check it. */
static int find_image(struct image *image)
{
    struct elf_image elf;
    struct stat st;

    for (int depth = 0; depth <= SCRIPT_DEPTH; depth++) {
        char head[HEAD_BYTES + 1];
        ssize_t n = open_image(image, head, &st);

        if (n < 0)
            return -1;
        head[n] = '\0';
        if (n < 2 || head[0] != '#' || head[1] != '!') {
            if (elf_check(head, (size_t)n, (uint64_t)st.st_size, &elf) == 0)
                return 0;
            close(image->fd);
            return fail(ENOEXEC);
        }
        close(image->fd);
        if (depth == SCRIPT_DEPTH)
            break;
        head[HEAD_BYTES - 1] = '\0';
        image->lines[depth] = strdup(head);
        if (!image->lines[depth])
            return -1;
        script_as_argument(image);
        if (add_interpreter(image, image->lines[depth]))
            return -1;
    }
    return fail(ELOOP);
}

struct sizes {
    size_t argc, envc, string_bytes;
};

/* Count the strings of a list, and their bytes. => 0, E2BIG, or EFAULT. */
static int measure_list(char *const *list, size_t *count, size_t *bytes)
{
    for (char *text;; list++, ++*count) {
        long n;

        if (user_copy(&text, list, sizeof text))
            return EFAULT;
        if (text == NULL)
            return 0;
        n = user_strnlen(text, ARG_MAX);
        if (n < 0)
            return EFAULT;
        *bytes += (size_t)n + 1;
        if (*bytes + *count * sizeof text > ARG_MAX)
            return E2BIG;
    }
}

static int measure(const struct image *image, char *const envp[], struct sizes *s)
{
    int error;

    *s = (struct sizes){.argc = image->nprefix, .string_bytes = strlen(image->path) + 1};
    for (unsigned i = 0; i < image->nprefix; i++)
        s->string_bytes += strlen(image->prefix[i]) + 1;
    error = measure_list(image->argv + image->skip, &s->argc, &s->string_bytes);
    return error || !envp ? error : measure_list(envp, &s->envc, &s->string_bytes);
}

static uint64_t put_string(char **at, const char *text)
{
    size_t n = strlen(text) + 1;
    char *here = memcpy(*at, text, n);

    *at += n;
    return (uint64_t)here;
}

static void fill_block(struct exec_args *block, const struct image *image, char *const envp[],
                       const struct sizes *s)
{
    uint64_t *argv = (uint64_t *)(block + 1);
    uint64_t *env = argv + s->argc + 1;
    char *strings = (char *)(env + s->envc + 1);

    block->argc = s->argc;
    block->envc = s->envc;
    block->argv = (uint64_t)argv;
    block->envp = (uint64_t)env;
    block->fd = (uint64_t)image->fd;
    for (unsigned i = 0; i < image->nprefix; i++)
        *argv++ = put_string(&strings, image->prefix[i]);
    for (char *const *arg = image->argv + image->skip; *arg; arg++)
        *argv++ = put_string(&strings, *arg);
    for (unsigned i = 0; i < s->envc; i++)
        *env++ = put_string(&strings, envp[i]);
    block->path = put_string(&strings, image->path);
}

/* The argument block in pages of its own, or NULL with errno. */
static struct exec_args *make_block(const struct image *image, char *const envp[])
{
    struct sizes s;
    int error = measure(image, envp, &s);
    size_t bytes = sizeof(struct exec_args) + (s.argc + s.envc + 2) * 8 + s.string_bytes;
    struct exec_args *block;

    if (error)
        return fail(error), NULL;
    if (bytes > ARG_MAX)
        return fail(E2BIG), NULL;
    bytes = (bytes + PAGE_MASK) & ~PAGE_MASK;
    block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        return NULL;
    block->bytes = bytes;
    fill_block(block, image, envp, &s);
    return block;
}

/* Comes back only with an error. */
static int commit(const struct image *image, struct exec_args *block, const char *name)
{
    struct proc_exec_req req = {(uint64_t)block, block->bytes, (uint64_t)image->fd, 0};
    struct rpc_bytes bytes = {.out = name};

    req.len = strnlen(name, NAME_BYTES - 1);
    bytes.out_bytes = (uint32_t)req.len;
    return result(RPC(proc, exec, PROG_PROC, &req, NULL, &bytes));
}

/* Become what is at image->path. Comes back only with an error. */
static int become(struct image *image, char *const envp[])
{
    const char *path = image->path, *slash;
    struct exec_args *block;
    int error = 0;

    if (find_image(image)) {
        error = errno;
    } else {
        slash = strrchr(path, '/');
        block = make_block(image, envp);
        if (block)
            commit(image, block, slash ? slash + 1 : path);
        error = errno;
        if (block)
            munmap(block, block->bytes);
        close(image->fd);
    }
    for (unsigned i = 0; i < SCRIPT_DEPTH; i++)
        free(image->lines[i]);
    return fail(error);
}

int execve(const char *path, char *const argv[], char *const envp[])
{
    struct image image = {.path = path, .argv = argv, .given = -1};
    uint64_t len;

    return path_length(path, &len) ? -1 : become(&image, envp);
}

/* A script's interpreter is told to read /dev/fd/N. */
int fexecve(int fd, char *const argv[], char *const envp[])
{
    char path[24];
    struct image image = {.path = path, .argv = argv, .given = fd};

    if (fd < 0)
        return fail(EBADF);
    snprintf(path, sizeof path, "/dev/fd/%d", fd);
    return become(&image, envp);
}

int execv(const char *path, char *const argv[])
{
    return execve(path, argv, environ);
}

/* A file that is neither program nor #! script is a script for the shell. */
static int exec_or_shell(const char *path, char *const argv[], char *const envp[])
{
    size_t argc = 0;

    execve(path, argv, envp);
    if (errno != ENOEXEC)
        return -1;
    while (argv[argc])
        argc++;
    const char *shell_argv[argc + 3];

    shell_argv[0] = "sh";
    shell_argv[1] = path;
    for (size_t i = 1; i <= argc; i++)
        shell_argv[i + 1] = argv[i];
    shell_argv[argc + (argc ? 1 : 2)] = NULL;
    return execve("/bin/sh", (char *const *)shell_argv, envp);
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
    const char *path = getenv("PATH");
    char full[FS_PATH_MAX + 1];
    uint64_t len;
    int denied = 0;

    if (path_length(file, &len))
        return -1;
    if (strchr(file, '/'))
        return exec_or_shell(file, argv, envp);
    if (strlen(file) > NAME_MAX)
        return fail(ENAMETOOLONG);
    for (path = path ? path : "/bin"; path; path = *path ? path + 1 : NULL) {
        size_t n = strcspn(path, ":");

        if (n + len + 2 <= sizeof full) {
            memcpy(full, path, n);
            strcpy(full + n, n ? "/" : "");
            strcat(full, file);
            exec_or_shell(full, argv, envp);
            denied |= errno == EACCES;
            if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
                return -1;
        }
        path += n;
    }
    return fail(denied ? EACCES : ENOENT);
}

int execvp(const char *file, char *const argv[])
{
    return execvpe(file, argv, environ);
}

/* The arguments of execl and its kin, counted and copied into an array on the stack. */
#define COLLECT(argv, arg, ap)                                                                     \
    size_t n_ = 1;                                                                                 \
    va_start(ap, arg);                                                                             \
    while (va_arg(ap, const char *))                                                               \
        n_++;                                                                                      \
    va_end(ap);                                                                                    \
    const char *argv[n_ + 1];                                                                      \
    argv[0] = arg;                                                                                 \
    va_start(ap, arg);                                                                             \
    for (size_t i_ = 1; i_ <= n_; i_++)                                                            \
        argv[i_] = va_arg(ap, const char *)

int execl(const char *path, const char *arg, ...)
{
    va_list ap;
    COLLECT(argv, arg, ap);

    va_end(ap);
    return execve(path, (char *const *)argv, environ);
}

int execlp(const char *file, const char *arg, ...)
{
    va_list ap;
    COLLECT(argv, arg, ap);

    va_end(ap);
    return execvp(file, (char *const *)argv);
}

int execle(const char *path, const char *arg, ...)
{
    va_list ap;
    COLLECT(argv, arg, ap);
    char *const *envp = va_arg(ap, char *const *);

    va_end(ap);
    return execve(path, (char *const *)argv, envp);
}

int execlpe(const char *file, const char *arg, ...)
{
    va_list ap;
    COLLECT(argv, arg, ap);
    char *const *envp = va_arg(ap, char *const *);

    va_end(ap);
    return execvpe(file, (char *const *)argv, envp);
}
