/* Runs the tools by tables: tables/NAME.t has a command in each line, NAME.out what tables/run.sh then
 * prints. What is expected is also what the host's own tools give, if it is a Debian. */
#define _GNU_SOURCE
#include <glob.h>
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
#include "tests/host/apps/tables/difference.h"

#define TABLES_MAX 64

static void expect_same(const char *printed, const char *expected)
{
    struct difference found;

    if (difference_find(printed, expected, &found))
        fail_msg("%.*s\nprinted:  %.*s\nexpected: %.*s", (int)strcspn(found.command, "\n"),
                 found.command, (int)strcspn(found.printed, "\n"), found.printed,
                 (int)strcspn(found.expected, "\n"), found.expected);
}

static void run_table(const char *name, const char *shell, const char *path)
{
    char command[4 * PROGRAMS_PATH], out[100], *printed, *expected;
    int status;

    snprintf(out, sizeof out, "tables/%s.out", name);
    expected = programs_expected(out);
    snprintf(command, sizeof command,
             "cd %s/tables; exec timeout 60 env PATH=%s %s ./run.sh %s.t", programs_tests_dir, path,
             shell, name);
    printed = programs_output(command, &status);
    expect_same(printed, expected);
    assert_int_equal(status, 0);
    free(expected);
    free(printed);
}

static void table_gives_what_is_expected(void **state)
{
    run_table(*state, "sh", programs_dir);
}

static void debian_agrees(void **state)
{
    if (access("/etc/debian_version", R_OK) || access("/bin/dash", X_OK))
        skip();
    run_table(*state, "/bin/dash", "/usr/bin:/bin:/usr/sbin:/sbin");
}

/* Two tests for each table. => their number. */
static size_t find_tables(struct CMUnitTest *tests)
{
    char pattern[PROGRAMS_PATH + 20];
    glob_t found;
    size_t count = 0;

    snprintf(pattern, sizeof pattern, "%s/tables/*.t", programs_tests_dir);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    assert_true(found.gl_pathc < TABLES_MAX);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *name = strdup(strrchr(found.gl_pathv[i], '/') + 1), *title;
        *strrchr(name, '.') = 0;
        assert_true(asprintf(&title, "table_%s", name) > 0);
        tests[count++] = (struct CMUnitTest){title, table_gives_what_is_expected, NULL, NULL, name};
        assert_true(asprintf(&title, "debian_%s", name) > 0);
        tests[count++] = (struct CMUnitTest){title, debian_agrees, NULL, NULL, name};
    }
    globfree(&found);
    return count;
}

int main(void)
{
    static struct CMUnitTest tests[2 * TABLES_MAX];
    size_t count;

    programs_find();
    count = find_tables(tests);
    return _cmocka_run_group_tests("tools", tests, count, NULL, NULL);
}
