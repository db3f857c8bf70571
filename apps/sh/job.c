/* Processes that the shell started, in groups that it waits for, stops and continues.
 *
 *            job_fork                        last process ends
 *   new ---------------> running ------------------------------> ended, told about, freed
 *                        |     ^
 *           stop signal  v     | job_continue
 *                        stopped
 *
 * Any wait() may bring news of any job, so all news goes through note(). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/common/signals.h"
#include "apps/sh/shell.h"

static int shell_status(int status)
{
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    return STATUS_SIGNAL + (WIFSTOPPED(status) ? WSTOPSIG(status) : WTERMSIG(status));
}

struct job *job_new(struct shell *shell, int count, const char *text, bool foreground)
{
    struct job *job = calloc(1, sizeof *job + (size_t)count * sizeof *job->pids);

    if (!job)
        _exit(2);
    job->next = shell->jobs;
    job->number = 1;
    for (struct job *other = shell->jobs; other; other = other->next)
        if (other->number >= job->number)
            job->number = other->number + 1;
    job->text = must_strdup(text ? text : "");
    job->foreground = foreground;
    shell->jobs = job;
    return job;
}

static void job_free(struct shell *shell, struct job *job)
{
    struct job **link = &shell->jobs;

    while (*link != job)
        link = &(*link)->next;
    *link = job->next;
    free(job->text);
    free(job);
}

void job_forget_all(struct shell *shell)
{
    while (shell->jobs)
        job_free(shell, shell->jobs);
}

static void join_group(struct shell *shell, struct job *job, pid_t pid)
{
    if (!shell->job_control)
        return;
    if (!job->group)
        job->group = pid;
    setpgid(pid, job->group);
    if (job->foreground && shell->terminal >= 0)
        tcsetpgrp(shell->terminal, job->group);
}

/* In the child: signals and descriptors as a program expects them. */
static void become_child(struct shell *shell, bool detached)
{
    static const int changed[] = {SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU};
    int null;

    if (shell->interactive || shell->job_control)
        for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
            if (!trap_action(changed[i]))
                signal(changed[i], SIG_DFL);
    trap_reset();
    shell->is_child = true;
    shell->interactive = shell->job_control = false;
    job_forget_all(shell);
    if (!detached)
        return;
    trap_was_ignored(SIGINT);
    trap_was_ignored(SIGQUIT);
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    null = open("/dev/null", O_RDONLY);
    if (null > 0) {
        dup2(null, 0);
        close(null);
    }
}

pid_t job_fork(struct shell *shell, struct job *job)
{
    pid_t pid = fork();

    if (pid < 0) {
        shell_complain(shell, "cannot fork: %s", strerror(errno));
        return pid;
    }
    if (pid == 0) {
        bool detached = !shell->job_control && !job->foreground;
        join_group(shell, job, getpid());
        become_child(shell, detached);
        return 0;
    }
    join_group(shell, job, pid);
    job->pids[job->count++] = pid;
    job->last = pid;
    job->left++;
    return pid;
}

/* `pid` changed its state. */
static void note(struct shell *shell, pid_t pid, int status)
{
    for (struct job *job = shell->jobs; job; job = job->next)
        for (int i = 0; i < job->count; i++) {
            if (job->pids[i] != pid)
                continue;
            job->changed = true;
            job->stopped = WIFSTOPPED(status);
            if (pid == job->last || WIFSTOPPED(status))
                job->status = status;
            if (!WIFSTOPPED(status)) {
                job->pids[i] = 0;
                job->left--;
            }
            return;
        }
}

/* Wait for news of any child. => false: there are no children, or a signal came. */
static bool wait_for_news(struct shell *shell, bool interruptible)
{
    int status;
    pid_t pid = waitpid(-1, &status, shell->job_control ? WUNTRACED : 0);

    if (pid < 0)
        return errno == EINTR && !(interruptible && trap_pending_signal());
    note(shell, pid, status);
    return true;
}

static bool was_told_by_the_system(int signal)
{
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGTRAP ||
           signal == SIGFPE || signal == SIGPIPE;
}

/* Tell the person at the terminal how the foreground job ended. */
static void tell_end(struct shell *shell, const struct job *job)
{
    int number = WIFSIGNALED(job->status) ? WTERMSIG(job->status) : 0;

    if (number == SIGINT) {
        shell_tell(2, "\n");
        shell->jump = JUMP_ABORT;
    } else if (number && !was_told_by_the_system(number)) {
        shell_tell(2, "%s: terminated by SIG%s\n", job->text, signal_name(number));
    }
}

int job_wait(struct shell *shell, struct job *job)
{
    int status;

    while (job->left && !job->stopped)
        if (!wait_for_news(shell, false))
            break;
    if (shell->job_control && job->foreground && shell->terminal >= 0)
        tcsetpgrp(shell->terminal, shell->group);
    status = shell_status(job->status);
    job->changed = false;
    if (job->stopped) {
        job->foreground = false;
        shell_tell(2, "\n");
        job_print(shell, job);
        return status;
    }
    if (shell->interactive)
        tell_end(shell, job);
    job_free(shell, job);
    return status;
}

static struct job *job_of_pid(struct shell *shell, pid_t pid)
{
    struct job *job = shell->jobs;

    while (job && job->last != pid)
        job = job->next;
    return job;
}

static bool has_ended(const struct job *job)
{
    return !job->count || job->pids[job->count - 1] == 0;
}

int job_wait_pid(struct shell *shell, pid_t pid)
{
    struct job *job = job_of_pid(shell, pid);
    int status;

    if (!job)
        return STATUS_NOT_FOUND;
    while (!has_ended(job))
        if (!wait_for_news(shell, true))
            return STATUS_SIGNAL + trap_pending_signal();
    status = shell_status(job->status);
    if (!job->left)
        job_free(shell, job);
    return status;
}

int job_wait_all(struct shell *shell)
{
    for (struct job *job = shell->jobs; job;) {
        struct job *next = job->next;

        if (job->left && !job->stopped) {
            if (!wait_for_news(shell, true))
                return trap_pending_signal() ? STATUS_SIGNAL + trap_pending_signal() : 0;
            continue;
        }
        if (!job->left)
            job_free(shell, job);
        job = next;
    }
    return 0;
}

void job_print(struct shell *shell, const struct job *job)
{
    const char *state = job->left ? job->stopped ? "Stopped" : "Running" : "Done";

    (void)shell;
    shell_tell(job->left && !job->stopped ? 1 : 2, "[%d] %s  %s\n", job->number, state, job->text);
}

void job_poll(struct shell *shell)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG | (shell->job_control ? WUNTRACED : 0))) > 0)
        note(shell, pid, status);
    if (!shell->interactive)
        return;
    for (struct job *job = shell->jobs; job;) {
        struct job *next = job->next;

        if (job->changed)
            job_print(shell, job);
        job->changed = false;
        if (!job->left)
            job_free(shell, job);
        job = next;
    }
}

struct job *job_find(struct shell *shell, int number)
{
    struct job *job = shell->jobs;

    while (job && number && job->number != number)
        job = job->next;
    return job;
}

int job_continue(struct shell *shell, struct job *job, bool foreground)
{
    job->stopped = false;
    job->foreground = foreground;
    if (foreground && shell->terminal >= 0)
        tcsetpgrp(shell->terminal, job->group);
    for (int i = 0; i < job->count && !job->group; i++)
        if (job->pids[i])
            kill(job->pids[i], SIGCONT);
    if (job->group)
        kill(-job->group, SIGCONT);
    return foreground ? job_wait(shell, job) : 0;
}

/* The shell's terminal, where redirections don't reach it. -1: there is none. */
static int find_terminal(void)
{
    int fd = open("/dev/tty", O_RDWR);

    for (int i = 2; fd < 0 && i >= 0; i--)
        fd = isatty(i) && tcgetpgrp(i) >= 0 ? dup(i) : -1;
    return fd < 0 ? -1 : redir_move_away(fd);
}

/* An interactive shell waits until it is in the foreground, and has a group of its own. */
static void take_terminal(struct shell *shell)
{
    pid_t front;

    while ((front = tcgetpgrp(shell->terminal)) >= 0 && front != getpgrp())
        kill(0, SIGTTIN);
    shell->group = getpid();
    if (setpgid(0, shell->group) < 0)
        shell->group = getpgrp();
}

void job_control_start(struct shell *shell)
{
    shell->terminal = find_terminal();
    shell->group = getpgrp();
    if (shell->interactive && shell->terminal >= 0)
        take_terminal(shell);
    shell->job_control = true;
    trap_set_job_signals(shell);
    if (shell->interactive && shell->terminal >= 0)
        tcsetpgrp(shell->terminal, shell->group);
}

void job_control_stop(struct shell *shell)
{
    shell->job_control = false;
    trap_set_job_signals(shell);
    if (shell->terminal >= 0)
        close(shell->terminal);
    shell->terminal = -1;
}
