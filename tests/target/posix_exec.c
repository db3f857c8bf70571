/* The exec family: what the new program gets, scripts, limits, errors that leave the caller whole. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SH "/bin/sh"

static char *const no_env[] = {NULL};

/* A file with these contents and mode. */
static void make(const char *path, const char *text, mode_t mode)
{
    int fd;

    unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fchmod(fd, mode))
        tap_fail(__FILE__, __LINE__, path);
    close(fd);
}

/* Exit status of `exec` in a child; 200 if it came back. */
#define STATUS_OF(exec)                                                                            \
    ({                                                                                             \
        pid_t child_ = fork();                                                                     \
        if (child_ == 0) {                                                                         \
            (void)(exec);                                                                          \
            _exit(200);                                                                            \
        }                                                                                          \
        int status_ = tap_status(child_);                                                          \
        WIFEXITED(status_) ? WEXITSTATUS(status_) : -status_;                                      \
    })

static void every_form_starts_a_program(void)
{
    char *argv[] = {(char *)"name", (char *)"-c", (char *)"test \"$0$V\" = name$1 && exit 7",
                    (char *)"name", (char *)"blue", NULL};
    char *envp[] = {(char *)"V=blue", NULL};
    const char *script = argv[2];

    setenv("V", "blue", 1);
    CHECK_EQ(STATUS_OF(execv(SH, argv)), 7);
    CHECK_EQ(STATUS_OF(execvp("sh", argv)), 7);
    CHECK_EQ(STATUS_OF(execl(SH, "name", "-c", script, "name", "blue", (char *)NULL)), 7);
    CHECK_EQ(STATUS_OF(execlp("sh", "name", "-c", script, "name", "blue", (char *)NULL)), 7);
    unsetenv("V");
    CHECK_EQ(STATUS_OF(execve(SH, argv, envp)), 7);
    CHECK_EQ(STATUS_OF(execvpe("sh", argv, envp)), 7);
    CHECK_EQ(STATUS_OF(execle(SH, "name", "-c", script, "name", "blue", (char *)NULL, envp)), 7);
    CHECK_EQ(STATUS_OF(execlpe("sh", "name", "-c", script, "name", "blue", (char *)NULL, envp)), 7);
    CHECK_EQ(STATUS_OF(execv(SH, argv)), 1);
}

static void an_open_file_can_be_executed(void)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)"exit 9", NULL};
    int fd = open(SH, O_RDONLY | O_CLOEXEC), dir = open("/", O_RDONLY);

    CHECK(fd >= 0 && dir >= 0);
    CHECK_EQ(STATUS_OF(fexecve(fd, argv, environ)), 9);
    CHECK_FAILS(fexecve(-1, argv, environ), EBADF);
    CHECK_FAILS(fexecve(99, argv, environ), EBADF);
    CHECK_FAILS(fexecve(dir, argv, environ), EACCES);
    close(fd);
    close(dir);
}

static void path_is_searched(void)
{
    char *argv[] = {(char *)"prog", NULL};

    mkdir("/tmp/px", 0755);
    mkdir("/tmp/px/a", 0755);
    mkdir("/tmp/px/b", 0755);
    make("/tmp/px/a/prog", "#!/bin/sh\nexit 3\n", 0644);
    make("/tmp/px/b/prog", "#!/bin/sh\nexit 4\n", 0755);
    setenv("PATH", "/no/such:/etc/passwd:/tmp/px/a:/tmp/px/b:/bin", 1);
    CHECK_EQ(STATUS_OF(execvp("prog", argv)), 4);
    setenv("PATH", "/tmp/px/a:/no/such", 1);
    CHECK_FAILS(execvp("prog", argv), EACCES);
    CHECK_FAILS(execvp("no_such_prog", argv), ENOENT);
    CHECK_FAILS(execvp("", argv), ENOENT);
    setenv("PATH", ":/bin", 1);
    CHECK_OK(chdir("/tmp/px/b"));
    CHECK_EQ(STATUS_OF(execvp("prog", argv)), 4);
    CHECK_OK(chdir("/"));
    unsetenv("PATH");
    CHECK_EQ(STATUS_OF(execlp("true", "true", (char *)NULL)), 0);
    setenv("PATH", "/bin", 1);
}

static void interpreters_get_one_argument_and_the_path(void)
{
    char *argv[] = {(char *)"ignored", (char *)"one two", NULL};

    make("/tmp/px/show", "#!/bin/sh\ntest \"$0|$1|$#\" = '/tmp/px/show|one two|1'\n", 0755);
    CHECK_EQ(STATUS_OF(execv("/tmp/px/show", argv)), 0);
    make("/tmp/px/opt", "#! \t/bin/sh  -e \nfalse\nexit 5\n", 0755);
    CHECK_EQ(STATUS_OF(execv("/tmp/px/opt", argv)), 1);
    make("/tmp/px/arg", "#!/bin/printf %s.%s.\n", 0755);
    int ends[2];
    char got[64] = "";
    CHECK_OK(pipe(ends));
    CHECK_EQ(STATUS_OF((dup2(ends[1], 1), execv("/tmp/px/arg", argv))), 0);
    CHECK(read(ends[0], got, sizeof got - 1) > 0);
    close(ends[0]);
    close(ends[1]);
    CHECK(strcmp(got, "/tmp/px/arg.one two.") == 0);
}

static void interpreters_may_be_scripts_up_to_a_limit(void)
{
    char *argv[] = {(char *)"x", (char *)"a", NULL};
    char path[32], text[64];

    make("/tmp/px/s0", "#!/bin/sh\nshift $(($# - 1)); test \"$1\" = a && exit 6\n", 0755);
    for (int i = 1; i <= 5; i++) {
        sprintf(path, "/tmp/px/s%d", i);
        sprintf(text, "#!/tmp/px/s%d o%d\n", i - 1, i);
        make(path, text, 0755);
    }
    CHECK_EQ(STATUS_OF(execv("/tmp/px/s1", argv)), 6);
    CHECK_EQ(STATUS_OF(execv("/tmp/px/s3", argv)), 6);
    CHECK_FAILS(execv("/tmp/px/s5", argv), ELOOP);
    make("/tmp/px/self", "#!/tmp/px/self\n", 0755);
    CHECK_FAILS(execv("/tmp/px/self", argv), ELOOP);
    make("/tmp/px/none", "#!/no/such\n", 0755);
    CHECK_FAILS(execv("/tmp/px/none", argv), ENOENT);
    make("/tmp/px/empty", "#!  \n", 0755);
    CHECK_FAILS(execv("/tmp/px/empty", argv), ENOEXEC);
}

static void only_execvp_takes_a_text_for_a_script(void)
{
    char *argv[] = {(char *)"x", (char *)"a", NULL};

    make("/tmp/px/text", "test \"$1$#\" = a1 && exit 8\n", 0755);
    CHECK_FAILS(execv("/tmp/px/text", argv), ENOEXEC);
    CHECK_EQ(STATUS_OF(execvp("/tmp/px/text", argv)), 8);
    CHECK_EQ(STATUS_OF(execlp("/tmp/px/text", "x", "a", (char *)NULL)), 8);
    make("/tmp/px/zero", "", 0755);
    CHECK_FAILS(execv("/tmp/px/zero", argv), ENOEXEC);
    make("/tmp/px/elf", "\177ELF but not really", 0755);
    CHECK_FAILS(execv("/tmp/px/elf", argv), ENOEXEC);
}

static void what_is_no_program_is_refused(void)
{
    char *argv[] = {(char *)"x", NULL};
    char longest[PATH_MAX + 2];

    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    CHECK_FAILS(execv("/no/such", argv), ENOENT);
    CHECK_FAILS(execv("", argv), ENOENT);
    CHECK_FAILS(execv("/etc/passwd/x", argv), ENOTDIR);
    CHECK_FAILS(execv("/bin", argv), EACCES);
    CHECK_FAILS(execv("/etc/passwd", argv), EACCES);
    CHECK_FAILS(execv("/dev/null", argv), EACCES);
    CHECK_FAILS(execv(longest, argv), ENAMETOOLONG);
    longest[NAME_MAX + 1] = '\0';
    CHECK_FAILS(execvp(longest, argv), ENAMETOOLONG);
    unlink("/tmp/px/loop");
    CHECK_OK(symlink("/tmp/px/loop", "/tmp/px/loop"));
    CHECK_FAILS(execv("/tmp/px/loop", argv), ELOOP);
    unlink("/tmp/px/fifo");
    CHECK_OK(mkfifo("/tmp/px/fifo", 0777));
    CHECK_FAILS(execv("/tmp/px/fifo", argv), EACCES);
}

/* Arguments of `each` bytes that together with their pointers, the environment and what the system
 * adds come to about `total` bytes: argv[4..] of "sh -c SCRIPT name". */
static char **many_arguments(const char *script, size_t each, size_t total, size_t *count)
{
    size_t n = total / (each + 1 + sizeof(char *));
    char **argv = calloc(n + 5, sizeof *argv), *text = malloc(each + 1);

    memset(text, 'q', each);
    text[each] = '\0';
    argv[0] = (char *)"sh";
    argv[1] = (char *)"-c";
    argv[2] = (char *)script;
    argv[3] = (char *)"name";
    for (size_t i = 0; i < n; i++)
        argv[4 + i] = text;
    *count = n;
    return argv;
}

static void arguments_up_to_the_limit_arrive(void)
{
    static const size_t each[] = {1, 100, ARG_MAX / 2 - 1000};
    char script[64];
    size_t n;

    CHECK(ARG_MAX >= 128 * 1024);
    CHECK_EQ(sysconf(_SC_ARG_MAX), ARG_MAX);
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        char **argv = many_arguments(script, each[i], ARG_MAX - 2000, &n);
        snprintf(script, sizeof script, "test $# -eq %zu && test ${#1} -eq %zu", n, each[i]);
        CHECK_EQ(STATUS_OF(execve(SH, argv, no_env)), 0);
        free(argv[4]);
        free(argv);
        argv = many_arguments("exit 0", each[i], ARG_MAX + each[i], &n);
        CHECK_FAILS(execve(SH, argv, no_env), E2BIG);
        free(argv[4]);
        free(argv);
    }
}

static void the_limit_holds_to_the_byte(void)
{
    size_t low = ARG_MAX - 1000, high = ARG_MAX;
    char *text = malloc(ARG_MAX + 1), *argv[] = {(char *)"true", text, NULL};

    memset(text, 'x', ARG_MAX);
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        text[middle] = '\0';
        int status = STATUS_OF((execve("/bin/true", argv, no_env), _exit(errno)));
        CHECK(status == 0 || status == E2BIG);
        if (status == 0)
            low = middle;
        else
            high = middle;
        text[middle] = 'x';
    }
    CHECK(low > ARG_MAX - 1000 && high < ARG_MAX);
    free(text);
}

static void a_large_environment_arrives(void)
{
    char *big = malloc(100001);
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)"test ${#BIG} -eq 99996 && exit 3", NULL};
    char *envp[] = {big, (char *)"A=", (char *)"odd", NULL};

    memset(big, 'v', 100000);
    big[100000] = '\0';
    memcpy(big, "BIG=", 4);
    CHECK_EQ(STATUS_OF(execve(SH, argv, envp)), 3);
    free(big);
}

static void many_mappings_and_descriptors_are_left_behind(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        for (int i = 0; i < 200; i++) {
            char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (p == MAP_FAILED)
                _exit(1);
            p[4096] = 1;
            mprotect(p, 4096, PROT_READ);
        }
        for (int i = 0; i < 200; i++)
            if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
                _exit(2);
        execl(SH, "sh", "-c", "exec 3</dev/null && exit 5", (char *)NULL);
        _exit(3);
    }
    CHECK_EQ(WEXITSTATUS(tap_status(pid)), 5);
}

static void a_failed_exec_changes_nothing(void)
{
    char *argv[] = {(char *)"x", NULL};
    int lowest = dup(0), fd;
    char *heap = malloc(5000);

    CHECK(lowest >= 0 && heap);
    close(lowest);
    strcpy(heap, "still here");
    for (int i = 0; i < 20; i++) {
        CHECK_FAILS(execv("/tmp/px/text", argv), ENOEXEC);
        CHECK_FAILS(execv("/tmp/px/none", argv), ENOENT);
        CHECK_FAILS(execv("/tmp/px/s5", argv), ELOOP);
    }
    fd = dup(0);
    CHECK_EQ(fd, lowest);
    close(fd);
    CHECK(strcmp(heap, "still here") == 0);
    free(heap);
}

static void catch(int sig)
{
}

static void signals_and_identity_pass_over(void)
{
    char script[200];
    sigset_t set;

    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, catch);
    CHECK_EQ(STATUS_OF(execl(SH, "sh", "-c", "kill -USR1 $$; exit 4", (char *)NULL)), 4);
    CHECK_EQ(STATUS_OF(execl(SH, "sh", "-c", "kill -USR2 $$; exit 4", (char *)NULL)), -SIGUSR2);
    signal(SIGUSR1, SIG_DFL);
    signal(SIGUSR2, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    CHECK_EQ(STATUS_OF(execl(SH, "sh", "-c", "kill -TERM $$; exit 4", (char *)NULL)), 4);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    pid_t pid = fork();
    if (pid == 0) {
        umask(0246);
        snprintf(script, sizeof script, "test $$ -eq %d && test $(umask) -eq 246", getpid());
        execl(SH, "sh", "-c", script, (char *)NULL);
        _exit(9);
    }
    CHECK_EQ(tap_status(pid), 0);
}

static void the_environment_is_the_one_that_was_set(void)
{
    char text[] = "PUT=1";
    const char *script = "test \"$A|$PUT|$B|$C\" = '2|2|old|' && exit 5";

    clearenv();
    CHECK(getenv("PATH") == NULL);
    CHECK_OK(setenv("A", "1", 0));
    CHECK_OK(setenv("A", "2", 1));
    CHECK_OK(setenv("B", "old", 1));
    CHECK_OK(setenv("B", "new", 0));
    CHECK_EQ(putenv(text), 0);
    text[4] = '2';
    CHECK_OK(setenv("C", "x", 1));
    CHECK_OK(unsetenv("C"));
    CHECK_FAILS(setenv("", "x", 1), EINVAL);
    CHECK_FAILS(setenv("A=B", "x", 1), EINVAL);
    CHECK_FAILS(unsetenv("A=B"), EINVAL);
    CHECK_EQ(STATUS_OF(execl(SH, "sh", "-c", script, (char *)NULL)), 5);
    CHECK_OK(unsetenv("PUT"));
    setenv("PATH", "/bin", 1);
}

TAP_MAIN(every_form_starts_a_program, an_open_file_can_be_executed, path_is_searched,
         interpreters_get_one_argument_and_the_path, interpreters_may_be_scripts_up_to_a_limit,
         only_execvp_takes_a_text_for_a_script, what_is_no_program_is_refused,
         arguments_up_to_the_limit_arrive, the_limit_holds_to_the_byte, a_large_environment_arrives,
         many_mappings_and_descriptors_are_left_behind, a_failed_exec_changes_nothing,
         signals_and_identity_pass_over, the_environment_is_the_one_that_was_set)
