/* Actions of `trap`. Signals only set a flag; actions run between commands. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/common/signals.h"
#include "apps/sh/shell.h"

static char *actions[SIGNAL_COUNT]; /* NULL: default; "": ignored */
static char *inherited[SIGNAL_COUNT]; /* a subshell's parent's, until it sets its own: to be listed */
static volatile sig_atomic_t pending[SIGNAL_COUNT], any_pending, was_resized;

/* A signal also makes this pipe readable: who waits for something else waits for both. */
static int wake_read = -1, wake_write = -1;

static void note(int signal)
{
    int before = errno;

    pending[signal] = 1;
    any_pending = 1;
    if (wake_write >= 0 && write(wake_write, "", 1) < 0)
        errno = before; /* full: it is readable already */
}

static void note_size(int signal)
{
    int before = errno;

    was_resized = 1;
    if (wake_write >= 0 && write(wake_write, "", 1) < 0)
        errno = before;
}

static void open_wake_pipe(void)
{
    int ends[2];

    if (pipe(ends) < 0)
        return;
    wake_read = redir_move_away(ends[0]);
    wake_write = redir_move_away(ends[1]);
    fcntl(wake_read, F_SETFL, O_NONBLOCK);
    fcntl(wake_write, F_SETFL, O_NONBLOCK);
}

static void drain_wake_pipe(void)
{
    char bytes[64];

    while (wake_read >= 0 && read(wake_read, bytes, sizeof bytes) > 0)
        ;
}

enum wait trap_wait_readable(int fd)
{
    struct pollfd waits[] = {{.fd = fd, .events = POLLIN}, {.fd = wake_read, .events = POLLIN}};

    while (!trap_pending_signal()) {
        if (was_resized) {
            was_resized = 0;
            drain_wake_pipe();
            return WAIT_RESIZED;
        }
        if (poll(waits, wake_read >= 0 ? 2 : 1, -1) < 0 && errno != EINTR)
            return WAIT_READABLE;
        if (waits[0].revents)
            return trap_pending_signal() ? WAIT_SIGNAL : WAIT_READABLE;
    }
    return WAIT_SIGNAL;
}

int trap_pending_signal(void)
{
    for (int i = 1; any_pending && i < SIGNAL_COUNT; i++)
        if (pending[i])
            return i;
    return 0;
}

static void forget_inherited(void)
{
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        free(inherited[i]);
        inherited[i] = NULL;
    }
}

const char *trap_listed(int signal)
{
    return inherited[signal] ? inherited[signal] : actions[signal];
}

const char *trap_action(int signal)
{
    return signal >= 0 && signal < SIGNAL_COUNT ? actions[signal] : NULL;
}

bool trap_is_set(void)
{
    for (int i = 0; i < SIGNAL_COUNT; i++)
        if (actions[i] && *actions[i])
            return true;
    return false;
}

/* What the shell itself does with a signal that has no action. */
static void (*shell_default(const struct shell *shell, int number))(int)
{
    bool ignored = number == SIGQUIT || number == SIGTERM;
    bool for_jobs = number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;

    if (!shell->is_child && ((ignored && shell->interactive) || (for_jobs && shell->job_control)))
        return SIG_IGN;
    if (shell->interactive && !shell->is_child && number == SIGINT)
        return note;
    if (shell->interactive && !shell->is_child && number == SIGWINCH)
        return note_size;
    return SIG_DFL;
}

static enum { NOT_KNOWN, IGNORED, NOT_IGNORED } at_entry[SIGNAL_COUNT];

bool trap_was_ignored(int number)
{
    struct sigaction now;

    if (at_entry[number] == NOT_KNOWN && number > 0)
        at_entry[number] = sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN
                               ? IGNORED : NOT_IGNORED;
    return at_entry[number] == IGNORED;
}

bool trap_set(struct shell *shell, int number, const char *action)
{
    struct sigaction set = {.sa_handler = SIG_IGN};
    char *copy = action ? must_strdup(action) : NULL;

    if (number < 0 || number >= SIGNAL_COUNT || number == SIGKILL || number == SIGSTOP) {
        free(copy);
        return false;
    }
    if (trap_was_ignored(number) && !shell->interactive) {
        free(copy);
        return true;
    }
    free(actions[number]);
    actions[number] = copy;
    if (shell->is_child)
        forget_inherited();
    if (!action)
        set.sa_handler = shell_default(shell, number);
    else if (*action)
        set.sa_handler = note;
    sigemptyset(&set.sa_mask);
    return number == 0 || sigaction(number, &set, NULL) == 0;
}

void trap_start_interactive(struct shell *shell)
{
    static const int changed[] = {SIGINT, SIGQUIT, SIGTERM, SIGWINCH};

    open_wake_pipe();
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
        trap_set(shell, changed[i], NULL);
}

void trap_set_job_signals(struct shell *shell)
{
    static const int changed[] = {SIGTSTP, SIGTTIN, SIGTTOU};

    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
        if (!trap_action(changed[i]))
            trap_set(shell, changed[i], NULL);
}

static void run_action(struct shell *shell, int number)
{
    char *action = must_strdup(actions[number]);
    int status = shell->status;

    shell_run_text(shell, action);
    shell->status = status;
    free(action);
}

void trap_run_pending(struct shell *shell)
{
    while (any_pending) {
        any_pending = 0;
        drain_wake_pipe();
        for (int i = 1; i < SIGNAL_COUNT; i++) {
            if (!pending[i])
                continue;
            pending[i] = 0;
            if (actions[i] && *actions[i])
                run_action(shell, i);
            else if (i == SIGINT && shell->interactive && !shell->is_child)
                shell->jump = JUMP_ABORT;
        }
    }
}

void trap_run_exit(struct shell *shell)
{
    char *action = actions[0];

    actions[0] = NULL;
    if (action && *action) {
        int status = shell->status;
        shell->jump = JUMP_NONE;
        shell_run_text(shell, action);
        shell->status = status;
    }
    free(action);
}

void trap_reset(void)
{
    any_pending = 0;
    if (wake_read >= 0) {
        close(wake_read);
        close(wake_write);
    }
    wake_read = wake_write = -1;
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        pending[i] = 0;
        if (!actions[i] || !*actions[i])
            continue;
        free(inherited[i]);
        inherited[i] = actions[i];
        actions[i] = NULL;
        if (i > 0)
            signal(i, SIG_DFL);
    }
}
