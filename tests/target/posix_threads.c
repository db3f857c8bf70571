/* <pthread.h>: what a process of one thread sees, and what processes share. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- mutexes --------------------------------------------------------------------------------- */

static void a_normal_mutex_is_taken_once(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    struct timespec until = tap_after(CLOCK_REALTIME, 20), no_time = {0, 1000000000};

    CHECK_EQ(pthread_mutex_lock(&m), 0);
    CHECK_EQ(pthread_mutex_trylock(&m), EBUSY);
    CHECK_EQ(pthread_mutex_timedlock(&m, &until), ETIMEDOUT);
    CHECK_EQ(pthread_mutex_timedlock(&m, &no_time), EINVAL);
    CHECK_EQ(pthread_mutex_destroy(&m), EBUSY);
    CHECK_EQ(pthread_mutex_unlock(&m), 0);
    CHECK_EQ(pthread_mutex_timedlock(&m, &no_time), 0);
    CHECK_EQ(pthread_mutex_unlock(&m), 0);
    CHECK_EQ(pthread_mutex_destroy(&m), 0);
}

static void make_mutex(pthread_mutex_t *m, int type, int shared, int robust)
{
    pthread_mutexattr_t attr;

    pthread_mutexattr_init(&attr);
    if (pthread_mutexattr_settype(&attr, type) || pthread_mutexattr_setpshared(&attr, shared) ||
        pthread_mutexattr_setrobust(&attr, robust) || pthread_mutex_init(m, &attr))
        tap_fail(__FILE__, __LINE__, "mutex attributes");
    pthread_mutexattr_destroy(&attr);
}

static void mutexes_of_other_types_tell_their_errors(void)
{
    pthread_mutex_t m;

    make_mutex(&m, PTHREAD_MUTEX_ERRORCHECK, 0, 0);
    CHECK_EQ(pthread_mutex_unlock(&m), EPERM);
    CHECK_EQ(pthread_mutex_lock(&m), 0);
    CHECK_EQ(pthread_mutex_lock(&m), EDEADLK);
    CHECK_EQ(pthread_mutex_unlock(&m), 0);
    make_mutex(&m, PTHREAD_MUTEX_RECURSIVE, 0, 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(i & 1 ? pthread_mutex_trylock(&m) : pthread_mutex_lock(&m), 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(pthread_mutex_unlock(&m), 0);
    CHECK_EQ(pthread_mutex_unlock(&m), EPERM);
}

static void attributes_of_mutexes_are_checked(void)
{
    pthread_mutexattr_t attr;
    pthread_mutex_t m;
    int value;

    CHECK_EQ(pthread_mutexattr_init(&attr), 0);
    CHECK_EQ(pthread_mutexattr_gettype(&attr, &value), 0);
    CHECK_EQ(value, PTHREAD_MUTEX_DEFAULT);
    CHECK_EQ(pthread_mutexattr_settype(&attr, 99), EINVAL);
    CHECK_EQ(pthread_mutexattr_setpshared(&attr, 9), EINVAL);
    CHECK_EQ(pthread_mutexattr_setrobust(&attr, 9), EINVAL);
    CHECK_EQ(pthread_mutexattr_setprotocol(&attr, 9), EINVAL);
    CHECK_EQ(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT), ENOTSUP);
    CHECK_EQ(pthread_mutexattr_destroy(&attr), 0);
    CHECK_EQ(pthread_mutex_init(&m, &attr), EINVAL);
}

static void a_forked_child_owns_its_copy_of_a_mutex(void)
{
    pthread_mutex_t m;

    make_mutex(&m, PTHREAD_MUTEX_ERRORCHECK, 0, 0);
    pthread_mutex_lock(&m);
    pid_t pid = fork();
    if (pid == 0)
        _exit(pthread_mutex_unlock(&m));
    CHECK_EQ(tap_status(pid), 0);
    CHECK_EQ(pthread_mutex_unlock(&m), 0);
}

struct counted {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int n;
};

static void processes_count_under_a_mutex(void)
{
    struct counted *c = tap_shared_page();
    pid_t child[4];

    make_mutex(&c->mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED, 0);
    for (int i = 0; i < 4; i++)
        if ((child[i] = fork()) == 0) {
            for (int k = 0; k < 5; k++) {
                pthread_mutex_lock(&c->mutex);
                int n = c->n;
                sched_yield();
                c->n = n + 1;
                pthread_mutex_unlock(&c->mutex);
            }
            _exit(0);
        }
    for (int i = 0; i < 4; i++)
        CHECK_EQ(tap_status(child[i]), 0);
    CHECK_EQ(c->n, 20);
    munmap(c, 4096);
}

static void a_mutex_of_another_process_is_not_mine_to_unlock(void)
{
    struct counted *c = tap_shared_page();

    make_mutex(&c->mutex, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PROCESS_SHARED, 0);
    CHECK_EQ(pthread_mutex_lock(&c->mutex), 0);
    pid_t pid = fork();
    if (pid == 0)
        _exit(pthread_mutex_unlock(&c->mutex) != EPERM || pthread_mutex_trylock(&c->mutex) != EBUSY);
    CHECK_EQ(tap_status(pid), 0);
    CHECK_EQ(pthread_mutex_unlock(&c->mutex), 0);
    munmap(c, 4096);
}

/* What the lock that finds its owner dead says. */
static int lock_of_dead(pthread_mutex_t *m)
{
    int rc;

    while ((rc = pthread_mutex_trylock(m)) == 0 || rc == EBUSY) {
        if (rc == 0)
            pthread_mutex_unlock(m);
        usleep(1000);
    }
    return rc;
}

static void a_robust_mutex_outlives_its_owner(void)
{
    struct counted *c = tap_shared_page();

    make_mutex(&c->mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED, PTHREAD_MUTEX_ROBUST);
    for (int is_reaped = 0; is_reaped < 2; is_reaped++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(pthread_mutex_lock(&c->mutex));
        if (is_reaped)
            CHECK_EQ(tap_status(pid), 0);
        CHECK_EQ(lock_of_dead(&c->mutex), EOWNERDEAD);
        CHECK_EQ(pthread_mutex_consistent(&c->mutex), 0);
        CHECK_EQ(pthread_mutex_consistent(&c->mutex), EINVAL);
        CHECK_EQ(pthread_mutex_unlock(&c->mutex), 0);
        if (!is_reaped)
            CHECK_EQ(tap_status(pid), 0);
    }
    munmap(c, 4096);
}

static void a_robust_mutex_left_inconsistent_is_lost(void)
{
    struct counted *c = tap_shared_page();

    make_mutex(&c->mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED, PTHREAD_MUTEX_ROBUST);
    pid_t pid = fork();
    if (pid == 0)
        _exit(pthread_mutex_lock(&c->mutex));
    CHECK_EQ(tap_status(pid), 0);
    CHECK_EQ(pthread_mutex_lock(&c->mutex), EOWNERDEAD);
    CHECK_EQ(pthread_mutex_unlock(&c->mutex), 0);
    CHECK_EQ(pthread_mutex_lock(&c->mutex), ENOTRECOVERABLE);
    munmap(c, 4096);
}

/* --- conditions ------------------------------------------------------------------------------ */

static void a_wait_for_a_condition_ends_in_time(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t c = PTHREAD_COND_INITIALIZER, by_monotonic;
    pthread_condattr_t attr;
    struct timespec until = tap_after(CLOCK_REALTIME, 30), after;

    CHECK_EQ(pthread_mutex_lock(&m), 0);
    CHECK_EQ(pthread_cond_timedwait(&c, &m, &until), ETIMEDOUT);
    clock_gettime(CLOCK_REALTIME, &after);
    CHECK(after.tv_sec > until.tv_sec ||
          (after.tv_sec == until.tv_sec && after.tv_nsec >= until.tv_nsec));
    CHECK_EQ(pthread_mutex_trylock(&m), EBUSY);
    CHECK_EQ(pthread_condattr_init(&attr), 0);
    CHECK_EQ(pthread_condattr_setclock(&attr, CLOCK_PROCESS_CPUTIME_ID), EINVAL);
    CHECK_EQ(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC), 0);
    CHECK_EQ(pthread_cond_init(&by_monotonic, &attr), 0);
    until = tap_after(CLOCK_MONOTONIC, 30);
    CHECK_EQ(pthread_cond_timedwait(&by_monotonic, &m, &until), ETIMEDOUT);
    CHECK_EQ(pthread_mutex_unlock(&m), 0);
    CHECK_EQ(pthread_cond_timedwait(&c, &m, &until), EPERM);
    CHECK_EQ(pthread_cond_signal(&c), 0);
    CHECK_EQ(pthread_cond_broadcast(&c), 0);
    CHECK_EQ(pthread_cond_destroy(&c), 0);
}

static volatile sig_atomic_t handled;

static void note(int sig)
{
    handled = sig;
}

static void a_wait_for_a_condition_sees_handlers(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t c = PTHREAD_COND_INITIALIZER;
    struct sigaction action = {.sa_handler = note};

    sigaction(SIGALRM, &action, NULL);
    handled = 0;
    ualarm(20000, 20000);
    pthread_mutex_lock(&m);
    while (!handled)
        CHECK_EQ(pthread_cond_wait(&c, &m), 0);
    ualarm(0, 0);
    CHECK_EQ(pthread_mutex_unlock(&m), 0);
}

static void a_condition_wakes_another_process(void)
{
    struct counted *c = tap_shared_page();
    pthread_condattr_t attr;

    make_mutex(&c->mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED, 0);
    pthread_condattr_init(&attr);
    CHECK_EQ(pthread_condattr_setpshared(&attr, 7), EINVAL);
    CHECK_EQ(pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED), 0);
    CHECK_EQ(pthread_cond_init(&c->changed, &attr), 0);
    pid_t pid = fork();
    if (pid == 0) {
        pthread_mutex_lock(&c->mutex);
        while (c->n == 0)
            pthread_cond_wait(&c->changed, &c->mutex);
        c->n = 2;
        _exit(pthread_mutex_unlock(&c->mutex));
    }
    usleep(5000);
    pthread_mutex_lock(&c->mutex);
    c->n = 1;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->mutex);
    CHECK_EQ(tap_status(pid), 0);
    CHECK_EQ(c->n, 2);
    munmap(c, 4096);
}

/* --- other locks ----------------------------------------------------------------------------- */

static void readers_share_and_writers_do_not(void)
{
    pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
    struct timespec until = tap_after(CLOCK_REALTIME, 10);

    CHECK_EQ(pthread_rwlock_rdlock(&l), 0);
    CHECK_EQ(pthread_rwlock_tryrdlock(&l), 0);
    CHECK_EQ(pthread_rwlock_trywrlock(&l), EBUSY);
    CHECK_EQ(pthread_rwlock_wrlock(&l), EDEADLK);
    CHECK_EQ(pthread_rwlock_timedwrlock(&l, &until), ETIMEDOUT);
    CHECK_EQ(pthread_rwlock_destroy(&l), EBUSY);
    CHECK_EQ(pthread_rwlock_unlock(&l), 0);
    CHECK_EQ(pthread_rwlock_unlock(&l), 0);
    CHECK_EQ(pthread_rwlock_unlock(&l), EPERM);
    CHECK_EQ(pthread_rwlock_wrlock(&l), 0);
    CHECK_EQ(pthread_rwlock_tryrdlock(&l), EBUSY);
    CHECK_EQ(pthread_rwlock_rdlock(&l), EDEADLK);
    CHECK_EQ(pthread_rwlock_timedrdlock(&l, &until), ETIMEDOUT);
    CHECK_EQ(pthread_rwlock_unlock(&l), 0);
    CHECK_EQ(pthread_rwlock_destroy(&l), 0);
}

static void spin_locks_tell_deadlocks(void)
{
    pthread_spinlock_t l;

    CHECK_EQ(pthread_spin_init(&l, 5), EINVAL);
    CHECK_EQ(pthread_spin_init(&l, PTHREAD_PROCESS_PRIVATE), 0);
    CHECK_EQ(pthread_spin_unlock(&l), EPERM);
    CHECK_EQ(pthread_spin_lock(&l), 0);
    CHECK_EQ(pthread_spin_trylock(&l), EBUSY);
    CHECK_EQ(pthread_spin_lock(&l), EDEADLK);
    CHECK_EQ(pthread_spin_unlock(&l), 0);
    CHECK_EQ(pthread_spin_destroy(&l), 0);
}

static void a_barrier_lets_its_number_of_processes_go(void)
{
    pthread_barrier_t *b = tap_shared_page();
    pthread_barrierattr_t attr;
    int serial = 0;
    pid_t child[2];

    CHECK_EQ(pthread_barrier_init(b, NULL, 0), EINVAL);
    pthread_barrierattr_init(&attr);
    CHECK_EQ(pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED), 0);
    CHECK_EQ(pthread_barrier_init(b, &attr, 3), 0);
    for (int i = 0; i < 2; i++)
        if ((child[i] = fork()) == 0)
            _exit(pthread_barrier_wait(b) == PTHREAD_BARRIER_SERIAL_THREAD);
    serial += pthread_barrier_wait(b) == PTHREAD_BARRIER_SERIAL_THREAD;
    for (int i = 0; i < 2; i++)
        serial += WEXITSTATUS(tap_status(child[i]));
    CHECK_EQ(serial, 1);
    CHECK_EQ(pthread_barrier_destroy(b), 0);
    munmap(b, 4096);
}

/* --- the thread ------------------------------------------------------------------------------ */

static void *nothing(void *arg)
{
    return arg;
}

static void there_is_one_thread(void)
{
    pthread_t self = pthread_self(), other;

    CHECK_EQ(pthread_create(&other, NULL, nothing, NULL), EAGAIN);
    CHECK(pthread_equal(self, pthread_self()));
    CHECK_EQ(pthread_join(self, NULL), EDEADLK);
    CHECK_EQ(pthread_join(self + 1, NULL), ESRCH);
    CHECK_EQ(pthread_kill(self, 0), 0);
    CHECK_EQ(pthread_kill(self + 1, 0), ESRCH);
    CHECK_EQ(pthread_kill(self, 999), EINVAL);
    CHECK_EQ(pthread_setconcurrency(-1), EINVAL);
    handled = 0;
    signal(SIGUSR1, note);
    CHECK_EQ(pthread_kill(self, SIGUSR1), 0);
    CHECK_EQ(handled, SIGUSR1);
    signal(SIGUSR1, SIG_DFL);
}

static int inits;

static void init(void)
{
    inits++;
}

static void once_is_once(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    CHECK_EQ(pthread_once(&once, init), 0);
    CHECK_EQ(pthread_once(&once, init), 0);
    CHECK_EQ(inits, 1);
}

static void keys_hold_values(void)
{
    pthread_key_t keys[PTHREAD_KEYS_MAX], more;
    int n = 0;

    while (n < PTHREAD_KEYS_MAX && pthread_key_create(&keys[n], NULL) == 0)
        n++;
    CHECK_EQ(n, PTHREAD_KEYS_MAX);
    CHECK_EQ(pthread_key_create(&more, NULL), EAGAIN);
    CHECK(pthread_getspecific(keys[5]) == NULL);
    CHECK_EQ(pthread_setspecific(keys[5], &n), 0);
    CHECK(pthread_getspecific(keys[5]) == &n);
    CHECK_EQ(pthread_key_delete(keys[5]), 0);
    CHECK_EQ(pthread_setspecific(keys[5], &n), EINVAL);
    CHECK_EQ(pthread_key_create(&more, NULL), 0);
    CHECK(pthread_getspecific(more) == NULL);
    keys[5] = more;
    for (int i = 0; i < n; i++)
        CHECK_EQ(pthread_key_delete(keys[i]), 0);
    CHECK_EQ(pthread_key_delete(keys[0]), EINVAL);
}

static pthread_key_t key;
static char *trace; /* shared with the child */

static void trace_add(void *letter)
{
    trace[strlen(trace)] = *(const char *)letter;
}

static void trace_key(void *value)
{
    trace_add("k");
    if (strlen(trace) < 4)
        pthread_setspecific(key, value);
}

static void trace_exit(void)
{
    trace_add("x");
}

static void leave_by(int how)
{
    trace = tap_shared_page();
    memset(trace, 0, 16);
    if (fork() == 0) {
        atexit(trace_exit);
        pthread_key_create(&key, trace_key);
        pthread_setspecific(key, &key);
        pthread_cleanup_push(trace_add, "a");
        pthread_cleanup_push(trace_add, "b");
        pthread_cleanup_push(trace_add, "c");
        pthread_cleanup_pop(0);
        if (how == 0)
            pthread_exit(NULL);
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
        pthread_cancel(pthread_self());
        pthread_testcancel();
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
        trace_add("t");
        pthread_testcancel();
        pthread_cleanup_pop(0);
        pthread_cleanup_pop(0);
        _exit(9);
    }
}

static void the_end_of_the_thread_cleans_up(void)
{
    leave_by(0);
    CHECK_EQ(tap_status(-1), 0);
    CHECK(strcmp(trace, "bakkx") == 0);
    munmap(trace, 4096);
    leave_by(1);
    CHECK_EQ(tap_status(-1), 0);
    CHECK(strcmp(trace, "tbakx") == 0);
    munmap(trace, 4096);
}

static char forks[16];

static void fork_note(char letter)
{
    forks[strlen(forks)] = letter;
}

static void prepare_1(void)
{
    fork_note('1');
}

static void prepare_2(void)
{
    fork_note('2');
}

static void parent_1(void)
{
    fork_note('p');
}

static void parent_2(void)
{
    fork_note('q');
}

static void child_1(void)
{
    fork_note('c');
}

static void handlers_run_around_fork(void)
{
    CHECK_EQ(pthread_atfork(prepare_1, parent_1, child_1), 0);
    CHECK_EQ(pthread_atfork(prepare_2, parent_2, NULL), 0);
    pid_t pid = fork();
    if (pid == 0)
        _exit(strcmp(forks, "21c") != 0);
    CHECK_EQ(tap_status(pid), 0);
    CHECK(strcmp(forks, "21pq") == 0);
}

static void attributes_of_threads_are_kept(void)
{
    pthread_attr_t attr;
    size_t bytes;
    int value;
    void *stack;
    char here;

    CHECK_EQ(pthread_attr_init(&attr), 0);
    CHECK_EQ(pthread_attr_setstacksize(&attr, 1), EINVAL);
    CHECK_EQ(pthread_attr_setstacksize(&attr, 65536), 0);
    CHECK_EQ(pthread_attr_getstacksize(&attr, &bytes), 0);
    CHECK_EQ(bytes, 65536);
    CHECK_EQ(pthread_attr_setdetachstate(&attr, 5), EINVAL);
    CHECK_EQ(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED), 0);
    CHECK_EQ(pthread_attr_getdetachstate(&attr, &value), 0);
    CHECK_EQ(value, PTHREAD_CREATE_DETACHED);
    CHECK_EQ(pthread_attr_setscope(&attr, PTHREAD_SCOPE_PROCESS), ENOTSUP);
    CHECK_EQ(pthread_getattr_np(pthread_self(), &attr), 0);
    CHECK_EQ(pthread_attr_getstack(&attr, &stack, &bytes), 0);
    CHECK(&here > (char *)stack && &here < (char *)stack + bytes);
}

TAP_MAIN(a_normal_mutex_is_taken_once, mutexes_of_other_types_tell_their_errors,
         attributes_of_mutexes_are_checked, a_forked_child_owns_its_copy_of_a_mutex,
         processes_count_under_a_mutex, a_mutex_of_another_process_is_not_mine_to_unlock,
         a_robust_mutex_outlives_its_owner, a_robust_mutex_left_inconsistent_is_lost,
         a_wait_for_a_condition_ends_in_time, a_wait_for_a_condition_sees_handlers,
         a_condition_wakes_another_process, readers_share_and_writers_do_not,
         spin_locks_tell_deadlocks, a_barrier_lets_its_number_of_processes_go,
         there_is_one_thread, once_is_once, keys_hold_values, the_end_of_the_thread_cleans_up,
         handlers_run_around_fork, attributes_of_threads_are_kept)
