/* Functions of the C library that stand on the system: each one's success, and its errors. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void commands_by_the_shell(void)
{
    char *line = NULL;
    size_t size = 0;
    FILE *p;

    CHECK_EQ(system("exit 3"), 3 << 8);
    CHECK_EQ(system(NULL), 1);
    p = popen("echo one; echo two", "r");
    CHECK(p);
    CHECK_EQ(getline(&line, &size, p), 4);
    CHECK(strcmp(line, "one\n") == 0);
    CHECK_EQ(getline(&line, &size, p), 4);
    CHECK_EQ(getline(&line, &size, p), -1);
    CHECK_EQ(pclose(p), 0);
    p = popen("cat > /tmp/popen; exit 2", "w");
    CHECK(p);
    fputs("text", p);
    CHECK_EQ(pclose(p), 2 << 8);
    CHECK(popen("true", "x") == NULL);
    free(line);
    unlink("/tmp/popen");
}

static void real_paths(void)
{
    char path[PATH_MAX];

    mkdir("/tmp/real", 0755);
    symlink("../tmp/real", "/tmp/link");
    symlink("/tmp/loop", "/tmp/loop");
    CHECK(realpath("/tmp/link/../link/.", path));
    CHECK(strcmp(path, "/tmp/real") == 0);
    CHECK(realpath("/", path));
    CHECK(strcmp(path, "/") == 0);
    errno = 0;
    CHECK(!realpath("/tmp/none/x", path) && errno == ENOENT);
    CHECK(!realpath("/tmp/loop", path) && errno == ELOOP);
    CHECK(!realpath("/bin/sh/x", path) && errno == ENOTDIR);
    CHECK(!realpath("", path) && errno == ENOENT);
    unlink("/tmp/loop");
    unlink("/tmp/link");
    rmdir("/tmp/real");
}

static void streams_read_and_write(void)
{
    FILE *f = fopen("/tmp/stream", "w+");
    double half = 0;
    int n = 0;

    CHECK(f);
    CHECK(fprintf(f, "hello %d %.3f\n", 42, 2.5) > 0);
    rewind(f);
    CHECK_EQ(fscanf(f, "hello %d %lf", &n, &half), 2);
    CHECK(n == 42 && half == 2.5);
    CHECK_OK(fclose(f));
    CHECK(fopen("/tmp/none/x", "r") == NULL && errno == ENOENT);
    CHECK(fopen("/tmp/stream", "q") == NULL && errno == EINVAL);
    unlink("/tmp/stream");
}

static void what_streams_hold_is_written_at_the_end(void)
{
    struct stat st;
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        FILE *f = fopen("/tmp/unclosed", "w");

        fputs("pending", f);
        exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    CHECK_OK(stat("/tmp/unclosed", &st));
    CHECK_EQ(st.st_size, 7);
    unlink("/tmp/unclosed");
}

static void streams_into_memory(void)
{
    char *text;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    CHECK(f);
    for (int i = 0; i < 1000; i++)
        fprintf(f, "%d,", i);
    fclose(f);
    CHECK_EQ(size, 3890);
    CHECK(strncmp(text, "0,1,2,", 6) == 0 && strcmp(text + size - 4, "999,") == 0);
    free(text);
}

static void descriptors_are_waited_for(void)
{
    struct timeval none = {0, 0}, moment = {0, 2000};
    struct pollfd p;
    char byte;
    int ends[2];
    fd_set set;

    CHECK_OK(pipe(ends));
    p = (struct pollfd){ends[0], POLLIN, 0};
    CHECK_EQ(poll(&p, 1, 0), 0);
    CHECK_EQ(poll(&p, 1, 20), 0);
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    CHECK_EQ(select(ends[0] + 1, &set, NULL, NULL, &moment), 0);
    CHECK(!FD_ISSET(ends[0], &set));
    CHECK_EQ(write(ends[1], "a", 1), 1);
    CHECK_EQ(poll(&p, 1, -1), 1);
    CHECK_EQ(p.revents, POLLIN);
    FD_SET(ends[0], &set);
    CHECK_EQ(select(ends[0] + 1, &set, NULL, NULL, &none), 1);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    close(ends[1]);
    CHECK_EQ(poll(&p, 1, -1), 1);
    CHECK(p.revents & POLLHUP);
    close(ends[0]);
    p.fd = ends[0];
    CHECK_EQ(poll(&p, 1, 0), 1);
    CHECK_EQ(p.revents, POLLNVAL);
}

static void several_buffers_at_once(void)
{
    char a[2], b[4];
    struct iovec out[2] = {{"ab", 2}, {"cde", 3}}, in[2] = {{a, 2}, {b, 4}};
    int ends[2];

    CHECK_OK(pipe(ends));
    CHECK_EQ(writev(ends[1], out, 2), 5);
    CHECK_EQ(readv(ends[0], in, 2), 5);
    CHECK(memcmp(a, "ab", 2) == 0 && memcmp(b, "cde", 3) == 0);
    CHECK_FAILS(writev(ends[1], out, 0), EINVAL);
    close(ends[0]);
    close(ends[1]);
}

static void paths_by_pattern(void)
{
    glob_t found;

    CHECK_EQ(glob("/b*/l[ns]", 0, NULL, &found), 0);
    CHECK_EQ(found.gl_pathc, 2);
    CHECK(strcmp(found.gl_pathv[0], "/bin/ln") == 0 && strcmp(found.gl_pathv[1], "/bin/ls") == 0);
    globfree(&found);
    CHECK_EQ(glob("/nothing*", 0, NULL, &found), GLOB_NOMATCH);
    CHECK_EQ(glob("/nothing*", GLOB_NOCHECK, NULL, &found), 0);
    CHECK_EQ(found.gl_pathc, 1);
    globfree(&found);
}

static void records_are_locked(void)
{
    struct flock lock = {F_WRLCK, SEEK_SET, 10, 5, 0};
    int fd = open("/tmp/lock", O_RDWR | O_CREAT, 0644), status;
    pid_t pid;

    CHECK_OK(fd);
    CHECK_OK(fcntl(fd, F_SETLK, &lock));
    pid = fork();
    if (pid == 0) {
        struct flock seen = {F_RDLCK, SEEK_SET, 0, 0, 0};
        int told = fcntl(fd, F_GETLK, &seen);

        if (told || seen.l_type != F_WRLCK || seen.l_start != 10 || seen.l_pid != getppid())
            _exit(1);
        _exit(fcntl(fd, F_SETLK, &lock) == -1 && errno == EAGAIN ? 0 : 2);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    CHECK_OK(flock(fd, LOCK_UN));
    close(fd);
    unlink("/tmp/lock");
}

static void memory_shared_by_name(void)
{
    int fd = shm_open("/test", O_RDWR | O_CREAT, 0600), status;
    char *shared;

    CHECK_OK(fd);
    CHECK_OK(ftruncate(fd, 8192));
    shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(shared != MAP_FAILED);
    if (fork() == 0) {
        shared[5000] = 7;
        _exit(0);
    }
    CHECK_OK(wait(&status));
    CHECK_EQ(shared[5000], 7);
    munmap(shared, 8192);
    close(fd);
    CHECK_OK(shm_unlink("/test"));
    CHECK_FAILS(shm_unlink("/test"), ENOENT);
}

static void programs_are_refused_with_the_right_error(void)
{
    char *argv[] = {"x", NULL}, *big[] = {"x", NULL, NULL};
    int fd = open("/tmp/program", O_WRONLY | O_CREAT, 0644);

    CHECK_FAILS(execve("/tmp/none", argv, NULL), ENOENT);
    CHECK_FAILS(execve("/tmp", argv, NULL), EACCES);
    CHECK_FAILS(execve("/tmp/program", argv, NULL), EACCES);
    CHECK_OK(fchmod(fd, 0755));
    CHECK_FAILS(execve("/tmp/program", argv, NULL), ENOEXEC);
    CHECK_EQ(write(fd, "#!/tmp/program\n", 15), 15);
    CHECK_FAILS(execve("/tmp/program", argv, NULL), ELOOP);
    big[1] = malloc(ARG_MAX + 1);
    CHECK(big[1]);
    memset(big[1], 'a', ARG_MAX);
    big[1][ARG_MAX] = '\0';
    CHECK_FAILS(execve("/bin/true", big, NULL), E2BIG);
    free(big[1]);
    close(fd);
    unlink("/tmp/program");
}

static void scripts_run_by_their_first_line(void)
{
    FILE *f = fopen("/tmp/script", "w");
    char line[64];

    CHECK(f);
    fputs("#! /bin/echo said\n", f);
    fchmod(fileno(f), 0755);
    fclose(f);
    f = popen("/tmp/script loud", "r");
    CHECK(f);
    CHECK(fgets(line, sizeof line, f));
    CHECK(strcmp(line, "said /tmp/script loud\n") == 0);
    CHECK_EQ(pclose(f), 0);
    unlink("/tmp/script");
}

static void clocks_go_on(void)
{
    struct timespec before, after;
    long us;

    CHECK_OK(clock_gettime(CLOCK_MONOTONIC, &before));
    CHECK_OK(usleep(20000));
    CHECK_OK(clock_gettime(CLOCK_MONOTONIC, &after));
    us = (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
    CHECK(us >= 20000);
    CHECK(time(NULL) > 1600000000);
    CHECK_FAILS(clock_gettime((clockid_t)99, &after), EINVAL);
    CHECK_FAILS(nanosleep(&(struct timespec){0, 1000000000}, NULL), EINVAL);
}

static void memory_is_allocated_and_given_back(void)
{
    char *p = malloc(3 << 20);

    CHECK(p);
    memset(p, 1, 3 << 20);
    free(p);
    p = calloc(3, 1 << 20);
    CHECK(p);
    for (long i = 0; i < 3 << 20; i += 4096)
        CHECK_EQ(p[i], 0);
    p = realloc(p, 6 << 20);
    CHECK(p);
    free(p);
    CHECK(malloc((size_t)1 << 40) == NULL && errno == ENOMEM);
    CHECK_EQ(posix_memalign((void **)&p, 65536, 100), 0);
    CHECK_EQ((unsigned long)p % 65536, 0);
    free(p);
    CHECK_EQ(posix_memalign((void **)&p, 3, 100), EINVAL);
}

static void a_double_free_ends_the_program(void)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        char *volatile p = malloc(100);

        close(2);
        free(p);
        free(p);
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGABRT);
}

static void who_and_where(void)
{
    struct utsname name;
    char path[PATH_MAX];

    CHECK_OK(uname(&name));
    CHECK(strcmp(name.machine, "riscv64") == 0);
    CHECK_EQ(getuid(), 0);
    CHECK_EQ(sysconf(_SC_PAGESIZE), 4096);
    CHECK(getcwd(path, sizeof path));
    CHECK(getcwd(path, 1) == NULL && errno == ERANGE);
    CHECK_FAILS(chdir("/none"), ENOENT);
    CHECK_FAILS(setuid(5), EPERM);
}

TAP_MAIN(commands_by_the_shell, real_paths, streams_read_and_write,
         what_streams_hold_is_written_at_the_end, streams_into_memory, descriptors_are_waited_for,
         several_buffers_at_once, paths_by_pattern, records_are_locked, memory_shared_by_name,
         programs_are_refused_with_the_right_error, scripts_run_by_their_first_line, clocks_go_on,
         memory_is_allocated_and_given_back, a_double_free_ends_the_program, who_and_where)
