/* Builtins about processes and output. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/times.h>
#include <unistd.h>

#include "apps/common/format.h"
#include "apps/common/test.h"
#include "apps/common/signals.h"
#include "apps/sh/shell.h"

static int print_and_drop(struct shell *shell, struct buf *out)
{
    int status = builtin_print(shell, out);

    arena_drop(out->arena);
    return status;
}

static int print_line(struct shell *shell, const char *text)
{
    struct buf out = buf_new(arena_new());

    buf_str(&out, text);
    buf_char(&out, '\n');
    return print_and_drop(shell, &out);
}

static void print_time(struct buf *out, clock_t ticks, char end)
{
    long hundredths = (long)((double)ticks * 100 / (double)sysconf(_SC_CLK_TCK));

    buf_printf(out, "%ldm%ld.%02lds%c", hundredths / 6000, hundredths / 100 % 60, hundredths % 100,
               end);
}

int builtin_times(struct shell *shell, int argc, char **argv)
{
    struct buf out = buf_new(arena_new());
    struct tms used;

    times(&used);
    print_time(&out, used.tms_utime, ' ');
    print_time(&out, used.tms_stime, '\n');
    print_time(&out, used.tms_cutime, ' ');
    print_time(&out, used.tms_cstime, '\n');
    return print_and_drop(shell, &out);
}

/* %NUMBER, %% or nothing: that job. Complains if there is none. */
static struct job *job_argument(struct shell *shell, const char *command, const char *text)
{
    int number = text && text[0] == '%' ? (int)strtol(text + 1, NULL, 10) : 0;
    struct job *job = job_find(shell, number);

    if (!job)
        shell_complain(shell, "%s: no such job", command);
    return job;
}

static int wait_one(struct shell *shell, const char *text)
{
    char *end;
    long pid;

    if (text[0] == '%') {
        struct job *job = job_argument(shell, "wait", text);
        return job ? job_wait_pid(shell, job->last) : STATUS_NOT_FOUND;
    }
    pid = strtol(text, &end, 10);
    if (!*text || *end) {
        shell_complain(shell, "wait: %s: not a process", text);
        return STATUS_MISUSE;
    }
    return job_wait_pid(shell, (pid_t)pid);
}

int builtin_wait(struct shell *shell, int argc, char **argv)
{
    int status = 0;

    if (argc < 2)
        return job_wait_all(shell);
    for (int i = 1; i < argc; i++)
        status = wait_one(shell, argv[i]);
    return status;
}

static void print_jobs(struct shell *shell, struct job *job)
{
    if (!job)
        return;
    print_jobs(shell, job->next);
    job_print(shell, job);
    job->changed = false;
}

int builtin_jobs(struct shell *shell, int argc, char **argv)
{
    print_jobs(shell, shell->jobs);
    return 0;
}

static int continue_job(struct shell *shell, char **argv, bool foreground)
{
    struct job *job;

    if (!shell->job_control) {
        shell_complain(shell, "%s: no job control", argv[0]);
        return 1;
    }
    job = job_argument(shell, argv[0], argv[1]);
    if (!job)
        return 1;
    if (foreground)
        print_line(shell, job->text);
    return job_continue(shell, job, foreground);
}

int builtin_fg(struct shell *shell, int argc, char **argv)
{
    return continue_job(shell, argv, true);
}

int builtin_bg(struct shell *shell, int argc, char **argv)
{
    return continue_job(shell, argv, false);
}

/* -s NAME, -NAME or -NUMBER at argv[1]. => arguments used, -1 after a complaint. */
static int kill_signal(struct shell *shell, int argc, char **argv, int *number)
{
    bool named = argc > 2 && !strcmp(argv[1], "-s");

    *number = SIGTERM;
    if (argc < 2 || argv[1][0] != '-')
        return 0;
    if (!strcmp(argv[1], "--"))
        return 1;
    *number = signal_number(named ? argv[2] : argv[1] + 1);
    if (*number >= 0)
        return named ? 2 : 1;
    shell_complain(shell, "kill: %s: unknown signal", argv[1]);
    return -1;
}

static int kill_one(struct shell *shell, const char *text, int number)
{
    struct job *job = text[0] == '%' ? job_argument(shell, "kill", text) : NULL;
    long pid = strtol(text, NULL, 10);

    if (text[0] == '%' && !job)
        return 1;
    if (job)
        pid = job->group ? -job->group : job->last;
    if (pid && !kill((pid_t)pid, number)) {
        if (job && job->stopped)
            kill((pid_t)pid, SIGCONT);
        return 0;
    }
    shell_complain(shell, "kill: %s: %s", text, strerror(pid ? errno : EINVAL));
    return 1;
}

/* Of all signals, or of those that the numbers (exit statuses too) name. */
static int list_signals(struct shell *shell, char **numbers)
{
    struct buf out = buf_new(arena_new());
    int status = 0;

    for (int i = 1; !*numbers && i < SIGNAL_COUNT; i++)
        if (*signal_name(i) != '?')
            buf_printf(&out, "%s\n", signal_name(i));
    for (; *numbers; numbers++) {
        long n = strtol(*numbers, NULL, 10);
        const char *name = n > STATUS_SIGNAL ? signal_name((int)n - STATUS_SIGNAL)
                         : n > 0             ? signal_name((int)n) : "?";

        if (*name == '?') {
            shell_complain(shell, "kill: %s: no such signal", *numbers);
            status = 1;
        } else {
            buf_printf(&out, "%s\n", name);
        }
    }
    return print_and_drop(shell, &out) | status;
}

int builtin_kill(struct shell *shell, int argc, char **argv)
{
    int number, status = 0, used;

    if (argc > 1 && !strcmp(argv[1], "-l"))
        return list_signals(shell, argv + 2);
    used = kill_signal(shell, argc, argv, &number);
    if (used < 0 || used + 1 >= argc)
        return STATUS_MISUSE;
    for (int i = used + 1; i < argc; i++)
        status |= kill_one(shell, argv[i], number);
    return status;
}

int builtin_echo(struct shell *shell, int argc, char **argv)
{
    struct buf out = buf_new(arena_new());

    format_echo(&out, argv + 1);
    return print_and_drop(shell, &out);
}

int builtin_printf(struct shell *shell, int argc, char **argv)
{
    struct buf out = buf_new(arena_new());
    const char *complaint = format_printf(&out, argv + 1);
    int status = print_and_drop(shell, &out);

    if (complaint)
        shell_complain(shell, "printf: %s", complaint);
    return complaint ? 1 : status;
}

int builtin_test(struct shell *shell, int argc, char **argv)
{
    const char *complaint = NULL;
    int status = test_command(argc, argv, &complaint);

    if (complaint)
        shell_complain(shell, "%s: %s", argv[0], complaint);
    return status;
}
