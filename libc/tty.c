/* Terminals: settings, window size, foreground group. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <proto/fs.h>
#include "internal.h"

_Static_assert(ICRNL == FS_I_ICRNL && INLCR == FS_I_INLCR && IGNCR == FS_I_IGNCR &&
                   IXON == FS_I_IXON && ISTRIP == FS_I_ISTRIP && BRKINT == FS_I_BRKINT &&
                   PARMRK == FS_I_PARMRK && IXOFF == FS_I_IXOFF && IXANY == FS_I_IXANY &&
                   IMAXBEL == FS_I_IMAXBEL && IUTF8 == FS_I_IUTF8,
               "c_iflag is fs's");
_Static_assert(OPOST == FS_O_OPOST && ONLCR == FS_O_ONLCR && OCRNL == FS_O_OCRNL &&
                   ONOCR == FS_O_ONOCR && ONLRET == FS_O_ONLRET && TABDLY == FS_O_TABDLY &&
                   TAB3 == FS_O_TAB3,
               "c_oflag is fs's");
_Static_assert(CS8 == FS_C_CS8 && CREAD == FS_C_CREAD && HUPCL == FS_C_HUPCL &&
                   CLOCAL == FS_C_CLOCAL,
               "c_cflag is fs's");
_Static_assert(ISIG == FS_L_ISIG && ICANON == FS_L_ICANON && ECHO == FS_L_ECHO &&
                   ECHOE == FS_L_ECHOE && ECHOK == FS_L_ECHOK && ECHONL == FS_L_ECHONL &&
                   IEXTEN == FS_L_IEXTEN && TOSTOP == FS_L_TOSTOP && NOFLSH == FS_L_NOFLSH &&
                   ECHOCTL == FS_L_ECHOCTL && ECHOKE == FS_L_ECHOKE,
               "c_lflag is fs's");
_Static_assert(VINTR == FS_CC_INTR && VEOF == FS_CC_EOF && VSUSP == FS_CC_SUSP &&
                   VMIN == FS_CC_MIN && VTIME == FS_CC_TIME && VLNEXT == FS_CC_LNEXT &&
                   VEOL2 == FS_CC_EOL2,
               "c_cc is fs's");

static int tty(int fd, enum fs_tty_op op, uint64_t *value, struct rpc_bytes *bytes)
{
    struct fs_tty_req req = {(uint64_t)fd, op, value ? *value : 0, bytes ? bytes->out_bytes : 0};
    struct fs_tty_rep rep;
    int rc = RESTART(RPC(fs, tty, PROG_FS, &req, &rep, bytes));

    if (value)
        *value = rep.value;
    return result(rc);
}

int isatty(int fd)
{
    struct fs_termios got;
    struct rpc_bytes bytes = {.in = &got, .in_max = sizeof got};
    unsigned kind = fd_kind(fd);

    if (kind && kind != FS_KIND_TTY)
        return fail(ENOTTY), 0;
    return tty(fd, FS_TTY_GETATTR, NULL, &bytes) == 0;
}

int tcgetattr(int fd, struct termios *t)
{
    struct fs_termios got;
    struct rpc_bytes bytes = {.in = &got, .in_max = sizeof got};

    if (tty(fd, FS_TTY_GETATTR, NULL, &bytes))
        return -1;
    struct termios to = {.c_iflag = got.iflag, .c_oflag = got.oflag, .c_cflag = got.cflag,
                         .c_lflag = got.lflag, .c_ispeed = got.ispeed, .c_ospeed = got.ospeed};

    memcpy(to.c_cc, got.cc, sizeof got.cc);
    return USER_PUT(t, to);
}

int tcsetattr(int fd, int when, const struct termios *from)
{
    struct termios t;
    struct fs_termios set;
    struct rpc_bytes bytes = {.out = &set, .out_bytes = sizeof set};
    uint64_t value = (uint64_t)when;

    if (when < TCSANOW || when > TCSAFLUSH)
        return fail(EINVAL);
    if (USER_GET(t, from))
        return -1;
    set = (struct fs_termios){t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag,
                              {0}, t.c_ispeed, t.c_ospeed};
    memcpy(set.cc, t.c_cc, sizeof set.cc);
    return tty(fd, FS_TTY_SETATTR, &value, &bytes);
}

/* An operation whose argument is one of 0 to `last`. */
static int choose(int fd, enum fs_tty_op op, int choice, int last)
{
    uint64_t value = (uint64_t)choice;

    if (choice < 0 || choice > last)
        return isatty(fd) ? fail(EINVAL) : -1;
    return tty(fd, op, &value, NULL);
}

int tcflush(int fd, int queue)
{
    return choose(fd, FS_TTY_FLUSH, queue, TCIOFLUSH);
}

int tcflow(int fd, int action)
{
    return choose(fd, FS_TTY_FLOW, action, TCION);
}

int tcdrain(int fd)
{
    return tty(fd, FS_TTY_DRAIN, NULL, NULL);
}

/* A line that isn't asynchronous in truth has no break: all that is left is the wait. */
int tcsendbreak(int fd, int duration)
{
    return tcdrain(fd);
}

pid_t tcgetpgrp(int fd)
{
    uint64_t value = 0;

    return tty(fd, FS_TTY_GETPGRP, &value, NULL) ? -1 : (pid_t)value;
}

int tcsetpgrp(int fd, pid_t pgid)
{
    uint64_t value = (uint64_t)pgid;

    if (pgid <= 0)
        return fail(EINVAL);
    return tty(fd, FS_TTY_SETPGRP, &value, NULL);
}

pid_t tcgetsid(int fd)
{
    uint64_t value = 0;

    return tty(fd, FS_TTY_GETSID, &value, NULL) ? -1 : (pid_t)value;
}

speed_t cfgetispeed(const struct termios *t)
{
    return t->c_ispeed;
}

speed_t cfgetospeed(const struct termios *t)
{
    return t->c_ospeed;
}

static bool is_speed(speed_t speed)
{
    static const speed_t speeds[] = {
        B0, B50, B75, B110, B134, B150, B200, B300, B600, B1200, B1800, B2400, B4800, B9600,
        B19200, B38400, B57600, B115200, B230400, B460800, B921600,
    };

    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++)
        if (speeds[i] == speed)
            return true;
    return false;
}

int cfsetispeed(struct termios *t, speed_t speed)
{
    if (!is_speed(speed))
        return fail(EINVAL);
    t->c_ispeed = speed;
    return 0;
}

int cfsetospeed(struct termios *t, speed_t speed)
{
    if (!is_speed(speed))
        return fail(EINVAL);
    t->c_ospeed = speed;
    return 0;
}

int cfsetspeed(struct termios *t, speed_t speed)
{
    return cfsetispeed(t, speed) || cfsetospeed(t, speed) ? -1 : 0;
}

void cfmakeraw(struct termios *t)
{
    t->c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON | IGNBRK | PARMRK);
    t->c_oflag &= ~(tcflag_t)OPOST;
    t->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    t->c_cflag = (t->c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
    t->c_cc[VMIN] = 1;
    t->c_cc[VTIME] = 0;
}

static int window(int fd, unsigned long request, struct winsize *size)
{
    struct fs_winsize w = {0};
    struct winsize set;
    struct rpc_bytes bytes = {0};

    if (request == TIOCGWINSZ) {
        bytes = (struct rpc_bytes){.in = &w, .in_max = sizeof w};
        if (tty(fd, FS_TTY_GETWINSZ, NULL, &bytes))
            return -1;
        return USER_PUT(size, (struct winsize){w.rows, w.cols, w.xpixel, w.ypixel});
    }
    if (USER_GET(set, size))
        return -1;
    w = (struct fs_winsize){set.ws_row, set.ws_col, set.ws_xpixel, set.ws_ypixel};
    bytes = (struct rpc_bytes){.out = &w, .out_bytes = sizeof w};
    return tty(fd, FS_TTY_SETWINSZ, NULL, &bytes);
}

/* The requests that give an int. */
static int figure(int fd, enum fs_tty_op op, int *out)
{
    uint64_t value = 0;

    return tty(fd, op, &value, NULL) ? -1 : USER_PUT(out, (int)value);
}

int ioctl(int fd, unsigned long request, ...)
{
    va_list ap;
    void *arg;
    pid_t pgid;
    int on;

    va_start(ap, request);
    arg = va_arg(ap, void *);
    va_end(ap);
    switch (request) {
    case TIOCGWINSZ:
    case TIOCSWINSZ:
        return window(fd, request, arg);
    case TIOCGPGRP:
        return figure(fd, FS_TTY_GETPGRP, arg);
    case TIOCSPGRP:
        return USER_GET(pgid, arg) ? -1 : tcsetpgrp(fd, pgid);
    case TIOCGSID:
        return figure(fd, FS_TTY_GETSID, arg);
    case TIOCSCTTY:
        return tty(fd, FS_TTY_TAKE, NULL, NULL);
    case TIOCNOTTY:
        return tty(fd, FS_TTY_LEAVE, NULL, NULL);
    case FIONREAD:
        return fd_pending(fd, arg);
    case FIONBIO:
        return USER_GET(on, arg) ? -1 : fd_set_nonblock(fd, on);
    default:
        return fail(fcntl(fd, F_GETFD) < 0 ? EBADF : ENOTTY);
    }
}

int ttyname_r(int fd, char *buf, size_t size)
{
    if (!isatty(fd))
        return errno;
    if (size < sizeof "/dev/tty")
        return ERANGE;
    strcpy(buf, "/dev/tty");
    return 0;
}

char *ttyname(int fd)
{
    static char name[sizeof "/dev/tty"];
    int code = ttyname_r(fd, name, sizeof name);

    return code ? (fail(code), NULL) : name;
}

char *ctermid(char *s)
{
    static char name[sizeof "/dev/tty"];

    return strcpy(s ? s : name, "/dev/tty");
}
