/* Into the background, and what this system has not of old interfaces. */
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "internal.h"

/* Descriptors 0, 1, 2 on /dev/null. */
static int leave_terminal(void)
{
    int fd = open("/dev/null", O_RDWR);

    if (fd < 0)
        return -1;
    for (int i = 0; i < 3; i++)
        dup2(fd, i);
    return fd > 2 ? close(fd) : 0;
}

int daemon(int stays_here, int keeps_descriptors)
{
    pid_t pid = fork();

    if (pid < 0)
        return -1;
    if (pid > 0)
        _exit(0);
    if (setsid() < 0 || (!stays_here && chdir("/")))
        return -1;
    return keeps_descriptors ? 0 : leave_terminal();
}

/* One line from `in`, without its end. => NULL at end of file. */
static char *read_secret(FILE *in)
{
    static char secret[PASS_MAX + 1];

    if (fgets(secret, sizeof secret, in) == NULL)
        return NULL;
    secret[strcspn(secret, "\n")] = '\0';
    return secret;
}

char *getpass(const char *prompt)
{
    struct termios before, silent;
    FILE *tty = fopen("/dev/tty", "r+");
    char *secret;

    if (tty == NULL)
        return NULL;
    if (tcgetattr(fileno(tty), &before) == 0) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fileno(tty), TCSAFLUSH, &silent);
        dprintf(fileno(tty), "%s", prompt);
        secret = read_secret(tty);
        tcsetattr(fileno(tty), TCSAFLUSH, &before);
        dprintf(fileno(tty), "\n");
    } else {
        secret = NULL;
    }
    fclose(tty);
    return secret;
}

int eaccess(const char *path, int mode)
{
    return access(path, mode);
}

/* Programs run on one hart. */
int sched_getcpu(void)
{
    return 0;
}

int chroot(const char *path)
{
    return fail(ENOSYS);
}

/* The machine has no source of randomness that this system reads. */
int getentropy(void *buf, size_t size)
{
    return fail(ENOSYS);
}
