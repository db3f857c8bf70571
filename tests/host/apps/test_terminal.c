/* The interactive shell on a terminal: prompts, ^C, ^Z, jobs and the end of input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 5000

struct session {
    pid_t pid;
    int terminal;
    char seen[8192]; /* what came since the last expect() */
    size_t len;
};

static struct session session;

static void find_shell(char path[512])
{
    char self[400];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

    assert_true(n > 0);
    self[n] = 0;
    *strrchr(self, '/') = 0;
    snprintf(path, 512, "%s/../apps/sh", self);
}

/* Read what the shell says until `text` appears; forget everything up to its end. */
static void expect(const char *text)
{
    for (;;) {
        char *found = strstr(session.seen, text);
        struct pollfd ready = {.fd = session.terminal, .events = POLLIN};
        ssize_t n;

        if (found) {
            session.len -= (size_t)(found + strlen(text) - session.seen);
            memmove(session.seen, found + strlen(text), session.len + 1);
            return;
        }
        if (poll(&ready, 1, PATIENCE_MS) <= 0)
            fail_msg("no \"%s\" in: %s", text, session.seen);
        n = read(session.terminal, session.seen + session.len,
                 sizeof session.seen - session.len - 1);
        if (n <= 0)
            fail_msg("the shell ended; no \"%s\" in: %s", text, session.seen);
        session.len += (size_t)n;
        session.seen[session.len] = 0;
    }
}

static void type(const char *text)
{
    assert_int_equal(write(session.terminal, text, strlen(text)), strlen(text));
}

static char folder[] = "/tmp/terminal-XXXXXX"; /* the shell's home */

static int start_on(const char *term)
{
    char path[512];
    struct winsize size = {.ws_row = 24, .ws_col = 80};

    find_shell(path);
    session = (struct session){0};
    session.pid = forkpty(&session.terminal, NULL, NULL, &size);
    if (session.pid == 0) {
        setenv("TERM", term, 1);
        setenv("HOME", folder, 1);
        setenv("PS1", "ready> ", 1);
        setenv("PS2", "more> ", 1);
        execl(path, "sh", (char *)NULL);
        _exit(127);
    }
    expect("ready> ");
    return 0;
}

static int start(void **state)
{
    return start_on("dumb");
}

static int start_editing(void **state)
{
    return start_on("vt100");
}

static int stop(void **state)
{
    if (session.pid > 0) {
        kill(session.pid, SIGKILL);
        waitpid(session.pid, NULL, 0);
    }
    close(session.terminal);
    return 0;
}

/* Run `command`, which contains a cat that reads the terminal; come back when cat runs. */
static void start_cat(const char *command)
{
    type(command);
    expect("cat");
    type("are you there\n");
    expect("are you there\r\n");
    expect("are you there\r\n");
}

static void commands_are_run_as_they_are_typed(void **state)
{
    type("echo sum $((20+3))\n");
    expect("sum 23\r\n");
    expect("ready> ");
    type("false\n");
    expect("ready> ");
    type("echo status $?\n");
    expect("status 1\r\n");
}

static void unfinished_command_gets_the_second_prompt(void **state)
{
    type("for i in a b\n");
    expect("more> ");
    type("do echo got-$i; done\n");
    expect("got-a\r\ngot-b\r\n");
    expect("ready> ");
}

static void interrupt_ends_the_foreground_job_only(void **state)
{
    start_cat("cat\n");
    type("\003");
    expect("ready> ");
    type("echo status $?\n");
    expect("status 130\r\n");
}

static void interrupt_ends_a_loop(void **state)
{
    start_cat("while true; do cat; done\n");
    type("\003");
    expect("ready> ");
}

static void interrupt_forgets_a_half_typed_command(void **state)
{
    type("if true\n");
    expect("more> ");
    type("\003");
    expect("ready> ");
    type("echo fresh start\n");
    expect("fresh start\r\n");
}

static void stopped_job_continues(void **state)
{
    type("sh -c 'kill -STOP $$; echo went on'\n");
    expect("Stopped");
    expect("ready> ");
    type("jobs\n");
    expect("[1] Stopped");
    expect("ready> ");
    type("fg\n");
    expect("went on\r\n");
    expect("ready> ");
}

static void stop_key_stops_and_kill_ends_a_job(void **state)
{
    start_cat("cat\n");
    type("\032");
    expect("[1] Stopped  cat\r\n");
    type("kill %1; wait %1; echo status $?\n");
    expect("status 143\r\n");
}

static void background_job_is_told_about_when_it_is_done(void **state)
{
    type("cat < /dev/null & sleep 0.1\n");
    expect("[1] ");
    expect("[1] Done");
}

static void error_does_not_end_the_shell(void **state)
{
    type("echo ${nothing?is missing}; echo never\n");
    expect("is missing");
    expect("ready> ");
    type("if fi\n");
    expect("syntax error");
    expect("ready> ");
    type("echo still here\n");
    expect("still here\r\n");
}

static void end_of_input_ends_the_shell(void **state)
{
    int status;

    type("(exit 5)\n");
    expect("ready> ");
    type("\004");
    assert_int_equal(waitpid(session.pid, &status, 0), session.pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 5);
    session.pid = 0;
}

/* --- with the line editor --------------------------------------------------------------------- */

static void lines_are_edited_and_come_back(void **state)
{
    type("ecko hallo\002\002\002\177\001\006\006\004h\r");
    expect("\r\nhllo\r\n");
    expect("ready> ");
    type("\033[A there\r");
    expect("\r\nhllo there\r\n");
    expect("ready> ");
    type("\022hallo\007\022hllo");
    expect("(history) hllo: ");
    type("\r");
    expect("\r\nhllo there\r\n");
    expect("ready> ");
    type("exit 3\r");
    assert_int_equal(waitpid(session.pid, NULL, 0), session.pid);
    close(session.terminal);
    start_editing(NULL);
    type("\033[A\033[A");
    expect("echo hllo there");
}

static void words_are_completed(void **state)
{
    type("cd /\r");
    expect("ready> ");
    type("readon\t");
    expect("readonly ");
    type("\025echo /et\tpassw\t\r");
    expect("\r\n/etc/passwd");
    expect("ready> ");
    type("echo $HOM\t $OLDP\t\r");
    expect("HOME ");
    expect("\r\n/tmp/terminal-");
    expect("ready> ");
    type(": > $HOME/a\\ b; cd $HOME\r");
    expect("ready> ");
    type("printf %s\\\\n a\t\r");
    expect("a\\ b ");
    expect("\r\na b\r\n");
    expect("ready> ");
}

static void interrupt_gives_a_line_up_and_end_of_file_ends(void **state)
{
    int status;

    type("some words\003");
    expect("^C\r\n");
    expect("ready> ");
    type("if true\r");
    expect("more> ");
    type("\003");
    expect("ready> ");
    type("echo still $?\r");
    expect("\r\nstill 130\r\n");
    expect("ready> ");
    type("\004");
    assert_int_equal(waitpid(session.pid, &status, 0), session.pid);
    assert_true(WIFEXITED(status));
    session.pid = 0;
}

static void another_size_draws_the_line_again(void **state)
{
    struct winsize size = {.ws_row = 24, .ws_col = 60};

    type("words here");
    expect("words here");
    assert_int_equal(ioctl(session.terminal, TIOCSWINSZ, &size), 0);
    expect("ready> words here");
    type("\025echo $?\r");
    expect("\r\n0\r\n");
}

static void programs_find_the_terminal_as_it_was(void **state)
{
    type("echo started; cat\r");
    expect("\r\nstarted\r\n");
    type("x\177y\n");
    expect("y\r\ny\r\n");
    type("\003");
    expect("ready> ");
    type("ls /dev/nu\t\r");
    expect("\r\n/dev/null\r\n");
}

static void lines_are_listed_and_run_again(void **state)
{
    type("echo one\r");
    expect("\r\none\r\n");
    type("echo two\r");
    expect("\r\ntwo\r\n");
    type("fc -ln -2\r");
    expect("\r\n\techo one\r\n\techo two\r\n");
    type("fc -s one=three 'echo o'\r");
    expect("\r\necho three\r\nthree\r\n");
    type("fc -lnr -3 -1\r");
    expect("\techo three\r\n\tfc -ln -2\r\n\techo two\r\n");
    type("fc -e 'sed -i s/two/four/' 'echo two'\r");
    expect("\r\nfour\r\n");
    type("history 2\r");
    expect("'echo two'\r\n");
    expect("\thistory 2\r\n");
    type("fc nonsense; echo $?\r");
    expect("no such line\r\n1\r\n");
}

static int make_folder(void **state)
{
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[64];

    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
#define EDITING(name) cmocka_unit_test_setup_teardown(name, start_editing, stop)
    const struct CMUnitTest tests[] = {
        TEST(commands_are_run_as_they_are_typed),
        TEST(unfinished_command_gets_the_second_prompt),
        TEST(interrupt_ends_the_foreground_job_only),
        TEST(interrupt_ends_a_loop),
        TEST(interrupt_forgets_a_half_typed_command),
        TEST(stopped_job_continues),
        TEST(stop_key_stops_and_kill_ends_a_job),
        TEST(background_job_is_told_about_when_it_is_done),
        TEST(error_does_not_end_the_shell),
        TEST(end_of_input_ends_the_shell),
        EDITING(lines_are_edited_and_come_back),
        EDITING(words_are_completed),
        EDITING(interrupt_gives_a_line_up_and_end_of_file_ends),
        EDITING(another_size_draws_the_line_again),
        EDITING(lines_are_listed_and_run_again),
        EDITING(programs_find_the_terminal_as_it_was),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
