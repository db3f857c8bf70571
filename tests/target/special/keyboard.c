/* The terminal, from a program on it. The other side types what type() asks for: boots.py's
 * keyboard() sees the request on the screen. This is the first process, leader of the terminal's session. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static struct termios first;
static volatile sig_atomic_t caught;

static void catch(int signal)
{
    caught = signal;
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};

    caught = 0;
    sigaction(signal, &action, NULL);
}

/* Ask for keys, `after` milliseconds from now. */
static void type(const char *keys, int after)
{
    char line[200];
    int n = snprintf(line, sizeof line, "\n<type %d ", after);

    for (; *keys; keys++)
        n += snprintf(line + n, sizeof line - (size_t)n, "%02x", (unsigned char)*keys);
    n += snprintf(line + n, sizeof line - (size_t)n, ">\n");
    write(1, line, (size_t)n);
}

static long milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool wait_for(int signal)
{
    for (long end = milliseconds() + 5000; caught != signal && milliseconds() < end;)
        usleep(10000);
    write(1, "\n", 1); /* after the echo */
    return caught == signal;
}

/* The settings of the beginning, then this mode, nothing typed. */
static void raw(int min, int time)
{
    struct termios t = first;

    t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    t.c_cc[VMIN] = (cc_t)min;
    t.c_cc[VTIME] = (cc_t)time;
    tcsetattr(0, TCSAFLUSH, &t);
}

static void calm(void)
{
    tcsetattr(0, TCSAFLUSH, &first);
}

static void a_line_is_edited_before_it_is_read(void)
{
    char got[100];

    calm();
    type("ab cd\x17xy\x7fz\r", 0);
    CHECK_EQ(read(0, got, sizeof got), 6);
    CHECK(!memcmp(got, "ab xz\n", 6));
    type("lost\x15\x16\x03\x04", 0);
    CHECK_EQ(read(0, got, sizeof got), 1);
    CHECK_EQ(got[0], 3);
    type("\x04", 0);
    CHECK_EQ(read(0, got, sizeof got), 0);
}

static void min_and_time_say_when_a_raw_read_ends(void)
{
    char got[100];
    long before;

    raw(0, 0);
    CHECK_EQ(read(0, got, sizeof got), 0);
    raw(0, 2);
    before = milliseconds();
    CHECK_EQ(read(0, got, sizeof got), 0);
    CHECK(milliseconds() - before >= 190);
    raw(0, 100);
    type("a", 100);
    CHECK_EQ(read(0, got, sizeof got), 1);
    raw(3, 0);
    type("ab", 0);
    type("c", 100);
    CHECK_EQ(read(0, got, sizeof got), 3);
    raw(9, 3);
    type("abc", 0);
    CHECK_EQ(read(0, got, sizeof got), 3);
    CHECK(!memcmp(got, "abc", 3));
    raw(9, 0);
    type("abc", 0);
    CHECK_EQ(read(0, got, 2), 2);
    CHECK_EQ(read(0, got, 1), 1);
}

static void nothing_typed_is_eagain_and_not_ready(void)
{
    struct pollfd pfd = {0, POLLIN | POLLOUT, 0};
    char got[10];
    int waiting = -1;

    calm();
    CHECK_OK(fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK));
    CHECK_FAILS(read(0, got, sizeof got), EAGAIN);
    CHECK_EQ(poll(&pfd, 1, 0), 1);
    CHECK_EQ(pfd.revents, POLLOUT);
    type("hey\r", 0);
    pfd.events = POLLIN;
    CHECK_EQ(poll(&pfd, 1, 5000), 1);
    CHECK_OK(ioctl(0, FIONREAD, &waiting));
    CHECK_EQ(waiting, 4);
    CHECK_OK(tcflush(0, TCIFLUSH));
    CHECK_FAILS(read(0, got, sizeof got), EAGAIN);
    CHECK_OK(fcntl(0, F_SETFL, fcntl(0, F_GETFL) & ~O_NONBLOCK));
}

static void keys_are_signals_for_the_foreground(void)
{
    static const struct { const char *key; int signal; } keys[] = {
        {"\x03", SIGINT}, {"\x1c", SIGQUIT}, {"\x1a", SIGTSTP},
    };

    calm();
    for (int i = 0; i < 3; i++) {
        handle(keys[i].signal, catch);
        type(keys[i].key, 0);
        CHECK(wait_for(keys[i].signal));
        handle(keys[i].signal, SIG_DFL);
    }
}

static void interrupt_gets_past_much_type_ahead(void)
{
    char line[101];

    calm();
    memset(line, 'x', 79);
    strcpy(line + 79, "\r");
    handle(SIGINT, catch);
    for (int i = 0; i < 120; i++)
        type(line, 0);
    type("\x03", 0);
    CHECK(wait_for(SIGINT));
    handle(SIGINT, SIG_DFL);
    usleep(100000);
    calm();
}

static void settings_are_kept(void)
{
    struct termios t = first, got;

    CHECK_OK(cfsetospeed(&t, B9600));
    CHECK_OK(cfsetispeed(&t, B9600));
    CHECK_FAILS(cfsetospeed(&t, 12345), EINVAL);
    t.c_iflag ^= IXON | INLCR;
    t.c_cc[VINTR] = _POSIX_VDISABLE;
    CHECK_OK(tcsetattr(0, TCSADRAIN, &t));
    CHECK_OK(tcgetattr(0, &got));
    CHECK(got.c_iflag == t.c_iflag && got.c_oflag == t.c_oflag && got.c_lflag == t.c_lflag);
    CHECK_EQ(cfgetospeed(&got), B9600);
    CHECK_EQ(cfgetispeed(&got), B9600);
    CHECK(!memcmp(got.c_cc, t.c_cc, NCCS));
    CHECK_EQ(got.c_cflag & CSIZE, CS8);
    calm();
}

static void wrong_arguments_have_their_errors(void)
{
    struct termios t;
    struct winsize size;
    int file = open("/etc/passwd", O_RDONLY), null = open("/dev/null", O_RDWR);

    calm();
    CHECK_FAILS(tcgetattr(99, &t), EBADF);
    CHECK_FAILS(tcgetattr(null, &t), ENOTTY);
    CHECK_FAILS(tcsetattr(null, TCSANOW, &first), ENOTTY);
    CHECK_FAILS(tcsetattr(0, 7, &first), EINVAL);
    CHECK_FAILS(tcflush(0, 7), EINVAL);
    CHECK_FAILS(tcflow(0, 7), EINVAL);
    CHECK_FAILS(tcflush(null, TCIFLUSH), ENOTTY);
    CHECK_FAILS(tcflow(null, 7), ENOTTY);
    CHECK_FAILS(tcdrain(null), ENOTTY);
    CHECK_FAILS(tcdrain(99), EBADF);
    CHECK_FAILS(tcsendbreak(null, 0), ENOTTY);
    CHECK_FAILS(tcgetpgrp(null), ENOTTY);
    CHECK_FAILS(tcgetsid(null), ENOTTY);
    CHECK_FAILS(tcsetpgrp(null, getpid()), ENOTTY);
    CHECK_FAILS(tcsetpgrp(0, -1), EINVAL);
    CHECK_FAILS(tcsetpgrp(0, 12345), EPERM);
    CHECK_FAILS(ioctl(null, TIOCGWINSZ, &size), ENOTTY);
    CHECK_FAILS(ioctl(0, 0x1234, &size), ENOTTY);
    CHECK_FAILS(ioctl(99, 0x1234, &size), EBADF);
    CHECK(!isatty(file) && !isatty(null) && isatty(0));
    CHECK_EQ(tcgetsid(0), getpid());
    CHECK_EQ(tcgetpgrp(0), getpgrp());
    CHECK_OK(tcsendbreak(0, 0));
    CHECK_OK(tcdrain(0));
    close(file);
    close(null);
}

static void output_stops_and_goes_on(void)
{
    pid_t pid;
    int status;

    calm();
    CHECK_OK(tcflow(0, TCOOFF));
    pid = fork();
    if (pid == 0) {
        write(1, "held\n", 5);
        _exit(tcdrain(1) ? 1 : 0);
    }
    usleep(100000);
    CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
    CHECK_OK(tcflow(0, TCOON));
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(status, 0);
}

static void a_new_size_is_a_signal(void)
{
    struct winsize size, other;

    CHECK_OK(ioctl(0, TIOCGWINSZ, &size));
    CHECK_EQ(size.ws_row, 31); /* of the terminal that boots.py made */
    CHECK_EQ(size.ws_col, 97);
    handle(SIGWINCH, catch);
    CHECK_OK(ioctl(0, TIOCSWINSZ, &size));
    CHECK_EQ(caught, 0);
    other = size;
    other.ws_col++;
    CHECK_OK(ioctl(0, TIOCSWINSZ, &other));
    CHECK(wait_for(SIGWINCH));
    CHECK_OK(ioctl(0, TIOCGWINSZ, &other));
    CHECK_EQ(other.ws_col, size.ws_col + 1);
    CHECK_OK(ioctl(0, TIOCSWINSZ, &size));
    handle(SIGWINCH, SIG_DFL);
}

/* --- the background -------------------------------------------------------------------------- */

/* A child in a group of its own runs `body` and ends with what it returns. */
static pid_t in_background(int (*body)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        setpgid(0, 0);
        _exit(body());
    }
    setpgid(pid, pid);
    return pid;
}

static int read_one(void)
{
    char byte;
    ssize_t n = read(0, &byte, 1);

    return n == 1 ? byte : n == 0 ? 100 : -tap_errno() & 0xff;
}

static int read_ignoring(void)
{
    signal(SIGTTIN, SIG_IGN);
    return read_one() == (-EIO & 0xff);
}

static int set_blocking(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTTOU);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return tcsetattr(0, TCSANOW, &first) == 0 && tcsetpgrp(0, getpgrp()) == 0;
}

static int set_plainly(void)
{
    return tcsetattr(0, TCSANOW, &first) == 0;
}

static int read_with_handler(void)
{
    handle(SIGTTIN, catch);
    return read_one() == (-EINTR & 0xff) && caught == SIGTTIN;
}

static int told[2]; /* a pipe */

/* Its parent ends first: nobody could ever continue it. */
static int read_orphaned(void)
{
    if (fork() == 0) {
        char got;

        while (getppid() != 1)
            usleep(10000);
        got = (char)read_one();
        write(told[1], &got, 1);
        _exit(0);
    }
    return 0;
}

static void a_background_reader_stops_each_time(void)
{
    pid_t pid;
    int status;

    calm();
    pid = in_background(read_one);
    for (int times = 0; times < 3; times++) {
        CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
        CHECK(WIFSTOPPED(status));
        CHECK_EQ(WSTOPSIG(status), SIGTTIN);
        CHECK_OK(kill(-pid, SIGCONT));
    }
    CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
    CHECK_OK(tcsetpgrp(0, pid));
    CHECK_OK(kill(-pid, SIGCONT));
    type("q\r", 0);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(WEXITSTATUS(status), 'q');
    signal(SIGTTOU, SIG_IGN);
    CHECK_OK(tcsetpgrp(0, getpgrp()));
    signal(SIGTTOU, SIG_DFL);
}

static void signals_that_are_not_wanted_are_errors_or_nothing(void)
{
    int (*const bodies[])(void) = {read_ignoring, set_blocking, read_with_handler};

    for (int i = 0; i < 3; i++) {
        int status;
        pid_t pid = in_background(bodies[i]);

        CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
        CHECK_EQ(status, 1 << 8);
        signal(SIGTTOU, SIG_IGN);
        CHECK_OK(tcsetpgrp(0, getpgrp()));
        signal(SIGTTOU, SIG_DFL);
    }
}

static void a_background_setter_stops(void)
{
    int status;
    pid_t pid = in_background(set_plainly);

    CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
    CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTOU);
    CHECK_OK(kill(-pid, SIGKILL));
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(WTERMSIG(status), SIGKILL);
}

static void an_orphaned_reader_gets_an_error(void)
{
    int status;
    char got;
    pid_t pid;

    CHECK_OK(pipe(told));
    pid = in_background(read_orphaned);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(read(told[0], &got, 1), 1);
    CHECK_EQ((unsigned char)got, -EIO & 0xff);
}

static void a_new_session_has_no_terminal(void)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        bool none = setsid() > 0 && open("/dev/tty", O_RDWR) < 0 && tap_errno() == ENXIO;
        bool others = tcgetpgrp(0) < 0 && tap_errno() == ENOTTY;
        _exit(none && others && ioctl(0, TIOCSCTTY, 0) < 0 && tap_errno() == EPERM ? 0 : 1);
    }
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(status, 0);
}

static void the_first_settings_can_be_read(void)
{
    CHECK_OK(tcgetattr(0, &first));
    CHECK(first.c_lflag & ICANON && first.c_lflag & ISIG);
}

TAP_MAIN(the_first_settings_can_be_read, a_line_is_edited_before_it_is_read, min_and_time_say_when_a_raw_read_ends,
         nothing_typed_is_eagain_and_not_ready, keys_are_signals_for_the_foreground,
         interrupt_gets_past_much_type_ahead, settings_are_kept, wrong_arguments_have_their_errors,
         output_stops_and_goes_on, a_new_size_is_a_signal, a_background_reader_stops_each_time,
         signals_that_are_not_wanted_are_errors_or_nothing, a_background_setter_stops,
         an_orphaned_reader_gets_an_error, a_new_session_has_no_terminal)
