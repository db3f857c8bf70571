/* Commands in processes of their own: pipelines, the background, subshells, $(...). */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "apps/sh/shell.h"

/* In the child: put the ends of pipes where the command expects them. */
static void connect(int in, int out, int unused)
{
    if (unused >= 0)
        close(unused);
    if (in > 0) {
        dup2(in, 0);
        close(in);
    }
    if (out >= 0 && out != 1) {
        dup2(out, 1);
        close(out);
    }
}

/* Start the commands of a pipeline. => false if a process or a pipe could not be made. */
static bool start_pipe(struct shell *shell, struct job *job, const struct node *node)
{
    int in = -1, ends[2];
    pid_t pid;

    for (; node; node = node->next) {
        ends[0] = ends[1] = -1;
        if (node->next && pipe(ends) < 0) {
            shell_complain(shell, "pipe: %s", strerror(errno));
            break;
        }
        pid = job_fork(shell, job);
        if (pid == 0) {
            connect(in, ends[1], ends[0]);
            exec_in_child(shell, node);
        }
        if (in >= 0)
            close(in);
        if (ends[1] >= 0)
            close(ends[1]);
        in = ends[0];
        if (pid < 0)
            break;
    }
    if (in >= 0)
        close(in);
    return !node;
}

static int count_commands(const struct node *node)
{
    int count = 0;

    for (; node; node = node->next)
        count++;
    return count;
}

int exec_pipe(struct shell *shell, const struct node *node)
{
    struct job *job = job_new(shell, count_commands(node->left), node->source, true);
    bool started = start_pipe(shell, job, node->left);
    int status = job_wait(shell, job);

    return exec_check_errexit(shell, started ? status : STATUS_NOT_EXECUTABLE);
}

int exec_background(struct shell *shell, const struct node *node)
{
    const struct node *command = node->left;
    bool is_pipe = command->kind == NODE_PIPE;
    struct job *job =
        job_new(shell, is_pipe ? count_commands(command->left) : 1, node->source, false);
    pid_t pid;

    if (is_pipe) {
        start_pipe(shell, job, command->left);
    } else if ((pid = job_fork(shell, job)) == 0) {
        shell->unchecked = 0;
        exec_in_child(shell, command);
    }
    if (!job->count) {
        job_wait(shell, job);
        return shell->status = STATUS_NOT_EXECUTABLE;
    }
    shell->last_background = job->last;
    if (shell->interactive)
        shell_tell(2, "[%d] %ld\n", job->number, (long)job->last);
    return shell->status = 0;
}

int exec_subshell(struct shell *shell, const struct node *node)
{
    struct job *job = job_new(shell, 1, node->source, true);
    pid_t pid = job_fork(shell, job);
    int status;

    if (pid == 0)
        exec_in_child(shell, node);
    status = job_wait(shell, job);
    return exec_check_errexit(shell, pid > 0 ? status : STATUS_NOT_EXECUTABLE);
}

static char *read_all(int fd, struct arena *arena)
{
    struct buf text = buf_new(arena);
    char piece[512];
    ssize_t n;

    while ((n = read(fd, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
        for (ssize_t i = 0; i < n; i++)
            if (piece[i])
                buf_char(&text, piece[i]);
    while (text.len && text.data[text.len - 1] == '\n')
        text.data[--text.len] = 0;
    return text.data;
}

char *exec_capture(struct shell *shell, const struct node *list, struct arena *arena)
{
    bool job_control = shell->job_control;
    struct job *job;
    int ends[2];
    pid_t pid;
    char *text = "";

    if (!list)
        return text;
    if (pipe(ends) < 0) {
        shell_complain(shell, "pipe: %s", strerror(errno));
        return text;
    }
    shell->job_control = false;
    job = job_new(shell, 1, NULL, true);
    pid = job_fork(shell, job);
    if (pid == 0) {
        connect(-1, ends[1], ends[0]);
        exec_in_child(shell, list);
    }
    close(ends[1]);
    if (pid > 0)
        text = read_all(ends[0], arena);
    close(ends[0]);
    shell->captured = job_wait(shell, job);
    shell->job_control = job_control;
    return text;
}
