/* Runs the shell on scripts and compares what they print with what is written beside them, and with
 * what the host's dash prints, if there is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/host/apps/programs.h"

/* What `shell` prints for scripts/NAME.sh; `sh` within it is the same shell. */
static char *output_of(const char *shell, const char *path, const char *name)
{
    char command[2048], *text;
    int status;

    snprintf(command, sizeof command,
             "cd %s/scripts; PATH=%s:$PATH LC_ALL=C exec timeout 20 %s %s.sh", programs_tests_dir, path,
             shell, name);
    text = programs_output(command, &status);
    assert_int_equal(status, 0);
    return text;
}

static char *expected_output(const char *name)
{
    char path[100];

    snprintf(path, sizeof path, "scripts/%s.out", name);
    return programs_expected(path);
}

static void script_prints_what_is_expected(void **state)
{
    const char *name = *state;
    char *expected = expected_output(name), *printed = output_of("sh", programs_dir, name);

    assert_string_equal(printed, expected);
    free(expected);
    free(printed);
}

static void dash_agrees(void **state)
{
    const char *name = *state;
    char *expected, *printed, path[PROGRAMS_PATH + 8];

    if (access("/bin/dash", X_OK))
        skip();
    expected = expected_output(name);
    snprintf(path, sizeof path, "/bin:%s", programs_dir); /* a bare system lacks kill and time */
    printed = output_of("/bin/dash", path, name);
    assert_string_equal(printed, expected);
    free(expected);
    free(printed);
}

/* A shell on a pipe leaves to its commands what it didn't need itself. */
static void commands_read_the_rest_of_standard_input(void **state)
{
    char command[1200], *text;
    int status;

    snprintf(command, sizeof command,
             "printf 'read x\\nvalue\\necho got $x\\ncat\\nthe rest\\n' | %s/sh", programs_dir);
    text = programs_output(command, &status);
    assert_string_equal(text, "got value\nthe rest\n");
    free(text);
}

/* What `sh -c` prints, both streams, and its status. */
static void expect_of(const char *commands, const char *printed, int status)
{
    char command[2048], *text;
    int ended;

    snprintf(command, sizeof command, "timeout 20 %s/sh -c '%s' 2>&1", programs_dir, commands);
    text = programs_output(command, &ended);
    assert_string_equal(text, printed);
    assert_int_equal(ended, status);
    free(text);
}

static void endless_recursion_ends_with_a_message(void **state)
{
    expect_of("f() { f; }; f; echo never", "sh: f: functions are nested too deeply\n", 2);
}

static void trace_shows_assignments_and_commands(void **state)
{
    expect_of("set -x; a=1; b=2 true x", "+ a=1\n+ b=2 true x\n", 0);
}

static void local_outside_of_a_function_is_an_error(void **state)
{
    expect_of("local a; echo $?", "sh: local: not in a function\n1\n", 0);
}

static void arithmetic_does_not_nest_for_ever(void **state)
{
    expect_of("a=a; echo $((a))", "sh: arithmetic: expression is nested too deeply\n", 2);
}

#define SCRIPT(name)                                                                               \
    {"script_" name, script_prints_what_is_expected, NULL, NULL, (void *)name},                    \
    {                                                                                              \
        "dash_" name, dash_agrees, NULL, NULL, (void *)name                                        \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRIPT("alias"),
        SCRIPT("setopts"),
        SCRIPT("directories"),
        SCRIPT("reading"),
        SCRIPT("documents"),
        SCRIPT("loops"),
        SCRIPT("errexit"),
        SCRIPT("arithmetic"),
        SCRIPT("traps"),
        SCRIPT("execution"),
        SCRIPT("builtins"),
        SCRIPT("control"),
        SCRIPT("errors"),
        SCRIPT("fields"),
        SCRIPT("functions"),
        SCRIPT("glob"),
        SCRIPT("options"),
        SCRIPT("params"),
        SCRIPT("pipes"),
        SCRIPT("quoting"),
        SCRIPT("redirection"),
        SCRIPT("substitution"),
        SCRIPT("text"),
        SCRIPT("tools"),
        cmocka_unit_test(endless_recursion_ends_with_a_message),
        cmocka_unit_test(trace_shows_assignments_and_commands),
        cmocka_unit_test(local_outside_of_a_function_is_an_error),
        cmocka_unit_test(arithmetic_does_not_nest_for_ever),
        cmocka_unit_test(commands_read_the_rest_of_standard_input),
    };

    programs_find();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
