/* Our getopt beside the host's: the same command lines, the same options, arguments and order. */
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define optarg our_optarg
#define optind our_optind
#define opterr our_opterr
#define optopt our_optopt
#define optreset our_optreset
#define getopt our_getopt
#define getopt_long our_getopt_long
#define getopt_long_only our_getopt_long_only
int our_getopt(int argc, char *const argv[], const char *letters);
int our_getopt_long(int argc, char *const argv[], const char *letters, const struct option *longs,
                    int *index);
int our_getopt_long_only(int argc, char *const argv[], const char *letters,
                         const struct option *longs, int *index);
extern char *our_optarg;
extern int our_optind, our_opterr, our_optopt, our_optreset;
#include "libc/getopt.c"
#undef optarg
#undef optind
#undef opterr
#undef optopt
#undef getopt
#undef getopt_long
#undef getopt_long_only

#define WORDS_MAX 6
#define LINES 20000

static int flag;
static const struct option longs[] = {{"all", no_argument, NULL, 'a'},
                                      {"almost", no_argument, NULL, 'm'},
                                      {"file", required_argument, NULL, 'f'},
                                      {"color", optional_argument, NULL, 'c'},
                                      {"colour", optional_argument, NULL, 'c'},
                                      {"set", no_argument, &flag, 7},
                                      {0}};

struct line {
    int argc;
    char *argv[WORDS_MAX + 2];
};

static struct line random_line(unsigned *seed)
{
    static char *const words[] = {"-a",     "-ab",      "-f",  "-fx",     "file",   "--",
                                  "-",      "--all",    "--a", "--al",    "--file", "--file=y",
                                  "--col",  "--color=", "-c",  "-cz",     "-x",     "--nothing",
                                  "--all=", "--set",    "b",   "--col=q", "-:",     "-ba"};
    struct line line = {.argc = 1, .argv = {"program"}};

    for (int n = rand_r(seed) % (WORDS_MAX + 1); n > 0; n--)
        line.argv[line.argc++] = words[(size_t)rand_r(seed) % (sizeof words / sizeof *words)];
    return line;
}

/* One after the other, all that they return and set must be the same. */
static void compare(const struct line *line, const char *letters, int kind)
{
    struct line ours = *line, theirs = *line;
    char posix[40];
    int a, b, x, y;

    snprintf(posix, sizeof posix, "%s%s", kind || *letters == '-' ? "" : "+", letters);
    our_optind = optind = 0;
    our_opterr = opterr = 0;
    do {
        x = y = flag = -1;
        a = kind == 0   ? our_getopt(ours.argc, ours.argv, letters)
            : kind == 1 ? our_getopt_long(ours.argc, ours.argv, letters, longs, &x)
                        : our_getopt_long_only(ours.argc, ours.argv, letters, longs, &x);
        b = kind == 0   ? getopt(theirs.argc, theirs.argv, posix)
            : kind == 1 ? getopt_long(theirs.argc, theirs.argv, posix, longs, &y)
                        : getopt_long_only(theirs.argc, theirs.argv, posix, longs, &y);
        assert_int_equal(a, b);
        assert_int_equal(x, y);
        if (a == '?' || a == ':')
            assert_int_equal(our_optopt, optopt);
        else
            assert_ptr_equal(our_optarg, optarg);
    } while (a != -1);
    assert_int_equal(our_optind, optind);
    for (int i = 0; i < line->argc; i++)
        assert_ptr_equal(ours.argv[i], theirs.argv[i]);
}

static void show(const struct line *line, const char *letters, int kind)
{
    printf("kind %d, %s:", kind, letters);
    for (int i = 1; i < line->argc; i++)
        printf(" %s", line->argv[i]);
    printf("\n");
}

static void random_lines_are_read_as_the_host_reads_them(void **state)
{
    static const char *const letters[] = {"abf:c::", ":abf:c::", "+abf:", "-abf:c::", ""};
    const char *seed_text = getenv("SEED");
    unsigned seed = seed_text ? (unsigned)atoi(seed_text) : 1;

    printf("SEED=%u\n", seed);
    for (int i = 0; i < LINES; i++) {
        struct line line = random_line(&seed);
        const char *these = letters[(size_t)rand_r(&seed) % (sizeof letters / sizeof *letters)];
        int kind = rand_r(&seed) % 3;
        if (getenv("SHOW"))
            show(&line, these, kind);
        compare(&line, these, kind);
    }
}

static void optind_begins_at_one(void **state)
{
    assert_int_equal(our_optind, 1);
    assert_int_equal(our_opterr, 1);
}

static void optreset_begins_again(void **state)
{
    char *first[] = {"program", "-ab", NULL}, *second[] = {"program", "-c", NULL};

    our_optind = 1;
    our_optreset = 1;
    assert_int_equal(our_getopt(2, first, "abc"), 'a');
    our_optind = 1;
    our_optreset = 1;
    assert_int_equal(our_getopt(2, second, "abc"), 'c');
    assert_int_equal(our_getopt(2, second, "abc"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optind_begins_at_one),
        cmocka_unit_test(optreset_begins_again),
        cmocka_unit_test(random_lines_are_read_as_the_host_reads_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
