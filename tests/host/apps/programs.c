/* Runs the programs that SCons built for the host, and keeps what they print. */
#include "tests/host/apps/programs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define OUTPUT_MAX (1 << 20)

char programs_dir[PROGRAMS_PATH], programs_tests_dir[PROGRAMS_PATH];

void programs_find(void)
{
    char self[500];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

    assert_true(n > 0);
    self[n] = 0;
    *strrchr(self, '/') = 0;
    snprintf(programs_dir, sizeof programs_dir, "%s/../apps", self);
    snprintf(programs_tests_dir, sizeof programs_tests_dir, "%s/../../../tests/host/apps", self);
}

static char *read_stream(FILE *stream)
{
    char *text = calloc(1, OUTPUT_MAX);
    size_t n = fread(text, 1, OUTPUT_MAX - 1, stream);

    assert_true(n < OUTPUT_MAX - 1);
    return text;
}

char *programs_output(const char *command, int *status)
{
    FILE *stream = popen(command, "r");
    char *text;
    int ended;

    assert_non_null(stream);
    text = read_stream(stream);
    ended = pclose(stream);
    *status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return text;
}

char *programs_expected(const char *path)
{
    char full[2 * PROGRAMS_PATH], *text;
    FILE *stream;

    snprintf(full, sizeof full, "%s/%s", programs_tests_dir, path);
    stream = fopen(full, "r");
    assert_non_null(stream);
    text = read_stream(stream);
    fclose(stream);
    return text;
}
