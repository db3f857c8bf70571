/* Lists of a directory's entries, selected and sorted. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

int alphasort(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* As alphasort, but runs of digits go by their value; of equal ones the longer run is first. */
int versionsort(const struct dirent **a, const struct dirent **b)
{
    return strverscmp((*a)->d_name, (*b)->d_name);
}

static void free_list(struct dirent **list, size_t n)
{
    while (n)
        free(list[--n]);
    free(list);
}

/* Append a copy of `entry`. => 0, or -1: out of memory. */
static int append(struct dirent ***list, size_t *n, const struct dirent *entry)
{
    struct dirent *copy = malloc(sizeof *copy);

    if (copy && (*n & (*n - 1)) == 0) {
        struct dirent **more = realloc(*list, (*n ? *n * 2 : 1) * sizeof *more);

        if (more == NULL) {
            free(copy);
            return -1;
        }
        *list = more;
    }
    if (copy == NULL)
        return -1;
    *copy = *entry;
    (*list)[(*n)++] = copy;
    return 0;
}

/* The entries that `select` wants, as a list; `dir` is closed. => how many, or -1. */
static long gather(DIR *dir, struct dirent ***list, int (*select)(const struct dirent *))
{
    struct dirent *entry;
    size_t n = 0;
    int code;

    while (errno = 0, (entry = readdir(dir)))
        if ((!select || select(entry)) && append(list, &n, entry)) {
            errno = ENOMEM;
            break;
        }
    code = errno;
    closedir(dir);
    if (code == 0)
        return (long)n;
    free_list(*list, n);
    return fail(code);
}

int scandirat(int dirfd, const char *path, struct dirent ***out, int (*select)(const struct dirent *),
              int (*compare)(const struct dirent **, const struct dirent **))
{
    int fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), before = errno;
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct dirent **list = NULL;
    long n;

    if (dir == NULL) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    n = gather(dir, &list, select);
    if (n < 0)
        return -1;
    if (compare && n)
        qsort(list, (size_t)n, sizeof *list, (int (*)(const void *, const void *))(void (*)(void))compare);
    *out = list;
    errno = before;
    return (int)n;
}

int scandir(const char *path, struct dirent ***out, int (*select)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    return scandirat(AT_FDCWD, path, out, select, compare);
}
