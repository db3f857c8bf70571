/* What signals are called: for people, and as POSIX 2024 spells them in programs. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static const struct {
    char name[8], text[24];
} signals[SIGRTMIN] = {
    [SIGHUP] = {"HUP", "Hangup"},
    [SIGINT] = {"INT", "Interrupt"},
    [SIGQUIT] = {"QUIT", "Quit"},
    [SIGILL] = {"ILL", "Illegal instruction"},
    [SIGTRAP] = {"TRAP", "Breakpoint"},
    [SIGABRT] = {"ABRT", "Aborted"},
    [SIGEMT] = {"EMT", "Emulation"},
    [SIGFPE] = {"FPE", "Arithmetic error"},
    [SIGKILL] = {"KILL", "Killed"},
    [SIGBUS] = {"BUS", "Bus error"},
    [SIGSEGV] = {"SEGV", "Segmentation fault"},
    [SIGSYS] = {"SYS", "Bad system call"},
    [SIGPIPE] = {"PIPE", "Broken pipe"},
    [SIGALRM] = {"ALRM", "Alarm clock"},
    [SIGTERM] = {"TERM", "Terminated"},
    [SIGURG] = {"URG", "Urgent data"},
    [SIGSTOP] = {"STOP", "Stopped (signal)"},
    [SIGTSTP] = {"TSTP", "Stopped"},
    [SIGCONT] = {"CONT", "Continued"},
    [SIGCHLD] = {"CHLD", "Child changed"},
    [SIGTTIN] = {"TTIN", "Stopped (tty input)"},
    [SIGTTOU] = {"TTOU", "Stopped (tty output)"},
    [SIGIO] = {"POLL", "Input or output possible"},
    [SIGXCPU] = {"XCPU", "Processor time limit"},
    [SIGXFSZ] = {"XFSZ", "File size limit"},
    [SIGVTALRM] = {"VTALRM", "Virtual timer"},
    [SIGPROF] = {"PROF", "Profiling timer"},
    [SIGWINCH] = {"WINCH", "Window changed"},
    [SIGLOST] = {"LOST", "Resource lost"},
    [SIGUSR1] = {"USR1", "User signal 1"},
    [SIGUSR2] = {"USR2", "User signal 2"},
};

char *strsignal(int sig)
{
    static char text[32];

    if (sig >= SIGRTMIN && sig <= SIGRTMAX)
        snprintf(text, sizeof text, "Real-time signal %d", sig - SIGRTMIN);
    else if (sig > 0 && sig < SIGRTMIN)
        snprintf(text, sizeof text, "%.24s", signals[sig].text);
    else
        snprintf(text, sizeof text, "Unknown signal %d", sig);
    return text;
}

void psignal(int sig, const char *prefix)
{
    int before = errno;

    fprintf(stderr, "%s%s%s\n", prefix ? prefix : "", prefix && *prefix ? ": " : "", strsignal(sig));
    errno = before;
}

void psiginfo(const siginfo_t *info, const char *prefix)
{
    psignal(info->si_signo, prefix);
}

/* The name without SIG. Of the real-time ones: RTMIN, RTMIN+1, ..., RTMAX-1, RTMAX. */
int sig2str(int sig, char *to)
{
    int middle = SIGRTMIN + (SIGRTMAX - SIGRTMIN) / 2;

    if (sig <= 0 || sig >= NSIG)
        return -1;
    if (sig < SIGRTMIN)
        strcpy(to, signals[sig].name);
    else if (sig == SIGRTMIN || sig == SIGRTMAX)
        strcpy(to, sig == SIGRTMIN ? "RTMIN" : "RTMAX");
    else if (sig <= middle)
        snprintf(to, SIG2STR_MAX, "RTMIN+%d", sig - SIGRTMIN);
    else
        snprintf(to, SIG2STR_MAX, "RTMAX-%d", SIGRTMAX - sig);
    return 0;
}

/* A number in decimal, all of it. => -1: it is none. */
static long number(const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text < '0' || *text > '9' || *end ? -1 : n;
}

static int real_time(const char *name)
{
    int is_min = strncmp(name, "RTMIN", 5) == 0;
    long n = name[5] ? number(name + 6) : 0;

    if (!is_min && strncmp(name, "RTMAX", 5) != 0)
        return 0;
    if ((name[5] && name[5] != (is_min ? '+' : '-')) || n < 0 || n > SIGRTMAX - SIGRTMIN)
        return 0;
    return (int)(is_min ? SIGRTMIN + n : SIGRTMAX - n);
}

int str2sig(const char *restrict name, int *restrict sig)
{
    long n = number(name);

    for (int i = 1; n < 0 && i < SIGRTMIN; i++)
        if (strcmp(signals[i].name, name) == 0)
            n = i;
    if (n < 0)
        n = real_time(name);
    if (n <= 0 || n >= NSIG)
        return -1;
    *sig = (int)n;
    return 0;
}
