/* Semaphores: one word, changed by atomic operations. Named ones are files in /tmp that hold a sem_t,
 * mapped by all who opened them; a process that opens one again gets the same address. */
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "internal.h"
#include "thread.h"

#define DESTROYED (-1)
#define PREFIX "/tmp/sem."

int sem_init(sem_t *sem, int shared, unsigned value)
{
    if (value > SEM_VALUE_MAX)
        return fail(EINVAL);
    *sem = (sem_t){(int)value, shared != 0};
    return 0;
}

int sem_destroy(sem_t *sem)
{
    if (sem->__value < 0)
        return fail(EINVAL);
    sem->__value = DESTROYED;
    return 0;
}

static int try_down(void *object)
{
    sem_t *sem = object;
    int value = __atomic_load_n(&sem->__value, __ATOMIC_RELAXED);

    do {
        if (value <= 0)
            return value == 0 ? EBUSY : EINVAL;
    } while (!__atomic_compare_exchange_n(&sem->__value, &value, value - 1, 0, __ATOMIC_ACQUIRE,
                                          __ATOMIC_RELAXED));
    return 0;
}

int sem_clockwait(sem_t *restrict sem, clockid_t clock, const struct timespec *restrict until)
{
    int code = thread_wait(try_down, sem, clock, until);

    return code ? fail(code) : 0;
}

int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict until)
{
    return sem_clockwait(sem, CLOCK_REALTIME, until);
}

int sem_wait(sem_t *sem)
{
    return sem_clockwait(sem, CLOCK_REALTIME, NULL);
}

int sem_trywait(sem_t *sem)
{
    int code = try_down(sem);

    return code ? fail(code == EBUSY ? EAGAIN : code) : 0;
}

int sem_post(sem_t *sem)
{
    int value = __atomic_load_n(&sem->__value, __ATOMIC_RELAXED);

    do {
        if (value < 0 || value == SEM_VALUE_MAX)
            return fail(value < 0 ? EINVAL : EOVERFLOW);
    } while (!__atomic_compare_exchange_n(&sem->__value, &value, value + 1, 0, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
    return 0;
}

int sem_getvalue(sem_t *restrict sem, int *restrict value)
{
    *value = __atomic_load_n(&sem->__value, __ATOMIC_RELAXED);
    return *value < 0 ? fail(EINVAL) : 0;
}

/* --- named ones ------------------------------------------------------------------------------ */

struct path {
    char text[sizeof PREFIX + NAME_MAX];
};

static struct opened {
    struct opened *next;
    sem_t *sem;
    dev_t device;
    ino_t inode;
    unsigned opens;
} *opened;

static int name_to_path(const char *name, struct path *path)
{
    if (name[0] == '/')
        name++;
    if (!*name || strchr(name, '/'))
        return fail(EINVAL);
    if (strlen(name) + strlen("sem.") > NAME_MAX)
        return fail(ENAMETOOLONG);
    strcpy(path->text, PREFIX);
    strcat(path->text, name);
    return 0;
}

/* A new one gets its name when it is complete. */
static int create(const struct path *path, mode_t mode, unsigned value)
{
    sem_t sem = {(int)value, 1};
    char fresh[] = PREFIX "XXXXXX";
    int fd = mkstemp(fresh), error;
    mode_t mask;

    if (fd < 0)
        return -1;
    mask = umask(0);
    umask(mask);
    if (write(fd, &sem, sizeof sem) != sizeof sem || fchmod(fd, mode & ~mask) ||
        link(fresh, path->text)) {
        error = errno;
        close(fd);
        fd = fail(error);
    }
    error = errno;
    unlink(fresh);
    errno = error;
    return fd;
}

/* A descriptor of the file. */
static int open_file(const struct path *path, int flags, mode_t mode, unsigned value)
{
    int fd;

    do {
        fd = flags & O_EXCL && flags & O_CREAT ? fail(ENOENT)
                                               : open(path->text, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd >= 0 || errno != ENOENT || !(flags & O_CREAT))
            return fd;
        fd = value > SEM_VALUE_MAX ? fail(EINVAL) : create(path, mode, value);
    } while (fd < 0 && errno == EEXIST && !(flags & O_EXCL));
    return fd;
}

static sem_t *map_file(int fd)
{
    struct stat st;
    struct opened *o;

    if (fstat(fd, &st))
        return SEM_FAILED;
    for (o = opened; o; o = o->next)
        if (o->device == st.st_dev && o->inode == st.st_ino) {
            o->opens++;
            return o->sem;
        }
    o = malloc(sizeof *o);
    if (o == NULL)
        return SEM_FAILED;
    *o = (struct opened){opened, NULL, st.st_dev, st.st_ino, 1};
    o->sem = mmap(NULL, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (o->sem == MAP_FAILED) {
        free(o);
        return SEM_FAILED;
    }
    opened = o;
    return o->sem;
}

sem_t *sem_open(const char *name, int flags, ...)
{
    struct path path;
    unsigned value = 0;
    mode_t mode = 0;
    sem_t *sem;
    va_list ap;
    int fd, error;

    va_start(ap, flags);
    if (flags & O_CREAT) {
        mode = va_arg(ap, mode_t);
        value = va_arg(ap, unsigned);
    }
    va_end(ap);
    fd = name_to_path(name, &path) ? -1 : open_file(&path, flags, mode, value);
    if (fd < 0)
        return SEM_FAILED;
    sem = map_file(fd);
    error = errno;
    close(fd);
    errno = error;
    return sem;
}

int sem_close(sem_t *sem)
{
    struct opened **at = &opened, *o;

    while (*at && (*at)->sem != sem)
        at = &(*at)->next;
    o = *at;
    if (o == NULL)
        return fail(EINVAL);
    if (--o->opens)
        return 0;
    *at = o->next;
    free(o);
    return munmap(sem, sizeof *sem);
}

int sem_unlink(const char *name)
{
    struct path path;

    if (name_to_path(name, &path)) /* what cannot be a name is the name of none */
        return errno == EINVAL ? fail(ENOENT) : -1;
    return unlink(path.text);
}
