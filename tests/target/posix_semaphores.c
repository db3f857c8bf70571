/* <semaphore.h> within a process and between processes; <sched.h>. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void note(int sig)
{
}

static void a_semaphore_counts(void)
{
    struct timespec until = tap_after(CLOCK_REALTIME, 20), no_time = {0, -1};
    sem_t s;
    int value;

    CHECK_FAILS(sem_init(&s, 0, SEM_VALUE_MAX + 1U), EINVAL);
    CHECK_OK(sem_init(&s, 0, 2));
    CHECK_OK(sem_wait(&s));
    CHECK_OK(sem_timedwait(&s, &no_time));
    CHECK_FAILS(sem_trywait(&s), EAGAIN);
    CHECK_FAILS(sem_timedwait(&s, &until), ETIMEDOUT);
    CHECK_FAILS(sem_timedwait(&s, &no_time), EINVAL);
    CHECK_OK(sem_post(&s));
    CHECK_OK(sem_getvalue(&s, &value));
    CHECK_EQ(value, 1);
    CHECK_OK(sem_destroy(&s));
    CHECK_FAILS(sem_wait(&s), EINVAL);
    CHECK_OK(sem_init(&s, 0, SEM_VALUE_MAX));
    CHECK_FAILS(sem_post(&s), EOVERFLOW);
}

static sem_t posted_by_handler;

static void post(int sig)
{
    sem_post(&posted_by_handler);
}

static void handlers_post_and_interrupt(void)
{
    struct sigaction action = {.sa_handler = post};

    CHECK_OK(sem_init(&posted_by_handler, 0, 0));
    sigaction(SIGALRM, &action, NULL);
    ualarm(20000, 0);
    CHECK_OK(sem_wait(&posted_by_handler));
    action.sa_handler = note;
    sigaction(SIGALRM, &action, NULL);
    ualarm(20000, 20000);
    CHECK_FAILS(sem_wait(&posted_by_handler), EINTR);
    ualarm(0, 0);
    signal(SIGALRM, SIG_DFL);
}

static void a_semaphore_is_shared_by_processes(void)
{
    sem_t *s = tap_shared_page();

    CHECK_OK(sem_init(&s[0], 1, 0));
    CHECK_OK(sem_init(&s[1], 1, 0));
    pid_t pid = fork();
    if (pid == 0) {
        for (int i = 0; i < 5; i++)
            if (sem_wait(&s[0]) || sem_post(&s[1]))
                _exit(1);
        _exit(0);
    }
    for (int i = 0; i < 5; i++) {
        CHECK_OK(sem_post(&s[0]));
        CHECK_OK(sem_wait(&s[1]));
    }
    CHECK_EQ(tap_status(pid), 0);
    munmap(s, 4096);
}

static void named_semaphores_are_found_again(void)
{
    const char *name = "/posix_threads";
    struct stat st;
    sem_t *s, *again;

    sem_unlink(name);
    CHECK(sem_open(name, 0) == SEM_FAILED && errno == ENOENT);
    CHECK(sem_open("/a/b", O_CREAT, 0600, 1) == SEM_FAILED && errno == EINVAL);
    CHECK(sem_open("/", O_CREAT, 0600, 1) == SEM_FAILED && errno == EINVAL);
    CHECK(sem_open(name, O_CREAT, 0600, SEM_VALUE_MAX + 1U) == SEM_FAILED && errno == EINVAL);
    s = sem_open(name, O_CREAT | O_EXCL, 0640, 1);
    CHECK(s != SEM_FAILED);
    CHECK_OK(stat("/tmp/sem.posix_threads", &st));
    CHECK_EQ(st.st_mode & 0777, 0640);
    CHECK(sem_open(name, O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED && errno == EEXIST);
    again = sem_open(name, O_CREAT, 0600, 7);
    CHECK(again == s);
    CHECK_OK(sem_close(again));
    pid_t pid = fork();
    if (pid == 0) {
        sem_t *mine = sem_open(name, 0);
        _exit(mine == SEM_FAILED || sem_wait(mine) || sem_trywait(mine) == 0);
    }
    CHECK_EQ(tap_status(pid), 0);
    CHECK_FAILS(sem_trywait(s), EAGAIN);
    CHECK_OK(sem_unlink(name));
    CHECK_FAILS(sem_unlink(name), ENOENT);
    CHECK_FAILS(sem_unlink(""), ENOENT);
    CHECK_FAILS(sem_unlink("/a/b"), ENOENT);
    CHECK_OK(sem_post(s));
    CHECK_OK(sem_wait(s));
    CHECK_OK(sem_close(s));
    CHECK_FAILS(sem_close(s), EINVAL);
}

static void one_scheduling_policy_exists(void)
{
    struct sched_param param = {1};
    struct timespec slice;

    CHECK_OK(sched_yield());
    CHECK_EQ(sched_get_priority_max(SCHED_OTHER), 0);
    CHECK_FAILS(sched_get_priority_min(99), EINVAL);
    CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
    CHECK_FAILS(sched_getscheduler(31999), ESRCH);
    CHECK_FAILS(sched_setscheduler(0, SCHED_OTHER, &param), EINVAL);
    CHECK_FAILS(sched_setscheduler(0, SCHED_FIFO, &param), EINVAL);
    CHECK_OK(sched_getparam(0, &param));
    CHECK_EQ(param.sched_priority, 0);
    CHECK_OK(sched_setparam(getpid(), &param));
    CHECK_FAILS(sched_getparam(31999, &param), ESRCH);
    CHECK_OK(sched_rr_get_interval(0, &slice));
    CHECK(slice.tv_sec > 0 || slice.tv_nsec > 0);
    CHECK_FAILS(sched_getparam(0, NULL), EFAULT);
    CHECK_FAILS(sched_rr_get_interval(0, NULL), EFAULT);
    CHECK_FAILS(sched_setparam(0, NULL), EFAULT);
    CHECK_FAILS(sched_setscheduler(31999, SCHED_FIFO, &param), ESRCH);
}

TAP_MAIN(a_semaphore_counts, handlers_post_and_interrupt, a_semaphore_is_shared_by_processes,
         named_semaphores_are_found_again, one_scheduling_policy_exists)
