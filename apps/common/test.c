/* The conditions of `test` and `[` (POSIX, "test" utility): expressions by recursive descent, with
 * POSIX's rules for up to four arguments, where a word can be an operand though it looks like an
 * operator. */
#include "apps/common/test.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct test {
    char **args;
    int count, next;
    const char *complaint;
};

static bool parse_or(struct test *test);

static bool at(const struct test *test, const char *text)
{
    return test->next < test->count && !strcmp(test->args[test->next], text);
}

static bool take(struct test *test, const char *text)
{
    bool found = at(test, text);

    test->next += found;
    return found;
}

static long number(struct test *test, const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);

    while (*end == ' ' || *end == '\t' || *end == '\n')
        end++;
    if (*end || !*text)
        test->complaint = "a number was expected";
    return value;
}

static bool has_mode(const char *path, char letter)
{
    struct stat st;

    if (letter == 'L' || letter == 'h' ? lstat(path, &st) : stat(path, &st))
        return false;
    switch (letter) {
    case 'b':
        return S_ISBLK(st.st_mode);
    case 'c':
        return S_ISCHR(st.st_mode);
    case 'd':
        return S_ISDIR(st.st_mode);
    case 'f':
        return S_ISREG(st.st_mode);
    case 'S':
        return S_ISSOCK(st.st_mode);
    case 'g':
        return st.st_mode & S_ISGID;
    case 'h':
    case 'L':
        return S_ISLNK(st.st_mode);
    case 'p':
        return S_ISFIFO(st.st_mode);
    case 's':
        return st.st_size > 0;
    case 'u':
        return st.st_mode & S_ISUID;
    default:
        return true;
    }
}

static bool unary(struct test *test, char letter, const char *operand)
{
    switch (letter) {
    case 'n':
        return *operand;
    case 'z':
        return !*operand;
    case 'r':
        return !access(operand, R_OK);
    case 'w':
        return !access(operand, W_OK);
    case 'x':
        return !access(operand, X_OK);
    case 't':
        return isatty((int)number(test, operand));
    default:
        return has_mode(operand, letter);
    }
}

static bool is_unary(const char *text)
{
    return text[0] == '-' && text[1] && !text[2] && strchr("bcdefghLnprsStuwxz", text[1]);
}

static const char *const binaries[] = {"=",   "==",  "!=",  "<",   ">",   "-eq", "-ne",
                                       "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"};

static bool is_binary(const char *text)
{
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if (!strcmp(text, binaries[i]))
            return true;
    return false;
}

static bool compare_files(const char *a, const char *operator, const char * b)
{
    struct stat sa, sb;
    bool has_a = !stat(a, &sa), has_b = !stat(b, &sb), newer;

    if (!strcmp(operator, "-ef"))
        return has_a && has_b && sa.st_ino == sb.st_ino && sa.st_dev == sb.st_dev;
    if (!strcmp(operator, "-ot"))
        return compare_files(b, "-nt", a);
    if (!has_a || !has_b)
        return has_a;
    newer = sa.st_mtim.tv_nsec > sb.st_mtim.tv_nsec;
    return sa.st_mtime > sb.st_mtime || (sa.st_mtime == sb.st_mtime && newer);
}

static bool compare_numbers(const char *operator, long a, long b)
{
    if (!strcmp(operator, "-eq"))
        return a == b;
    if (!strcmp(operator, "-ne"))
        return a != b;
    if (!strcmp(operator, "-lt"))
        return a < b;
    if (!strcmp(operator, "-le"))
        return a <= b;
    return !strcmp(operator, "-gt") ? a > b : a >= b;
}

static bool binary(struct test *test, const char *a, const char *operator, const char * b)
{
    if (operator[0] == '=')
        return !strcmp(a, b);
    if (operator[0] == '!')
        return strcmp(a, b);
    if (operator[0] == '<')
        return strcmp(a, b) < 0;
    if (operator[0] == '>')
        return strcmp(a, b) > 0;
    if (strchr("no", operator[1]) ? operator[2] == 't' : operator[2] == 'f')
        return compare_files(a, operator, b);
    return compare_numbers(operator, number(test, a), number(test, b));
}

/* The operand or condition at the next argument. */
static bool parse_primary(struct test *test)
{
    int left = test->count - test->next;
    char **args = test->args + test->next;

    if (left <= 0) {
        test->complaint = "an argument is missing";
        return false;
    }
    if (left >= 3 && is_binary(args[1])) {
        test->next += 3;
        return binary(test, args[0], args[1], args[2]);
    }
    if (left >= 3 && !strcmp(args[0], "(")) {
        bool value;
        test->next++;
        value = parse_or(test);
        if (!take(test, ")"))
            test->complaint = "missing )";
        return value;
    }
    if (left >= 2 && is_unary(args[0])) {
        test->next += 2;
        return unary(test, args[0][1], args[1]);
    }
    test->next++;
    return *args[0];
}

static bool parse_not(struct test *test)
{
    int left = test->count - test->next;
    bool is_operand = left == 1 || (left >= 3 && is_binary(test->args[test->next + 1]));

    if (!is_operand && take(test, "!"))
        return !parse_not(test);
    return parse_primary(test);
}

static bool parse_and(struct test *test)
{
    bool value = parse_not(test);

    while (take(test, "-a"))
        value = parse_not(test) && value;
    return value;
}

static bool parse_or(struct test *test)
{
    bool value = parse_and(test);

    while (take(test, "-o"))
        value = parse_and(test) || value;
    return value;
}

int test_command(int argc, char **argv, const char **complaint)
{
    struct test test = {.args = argv + 1, .count = argc - 1};
    bool value = false;

    if (!strcmp(argv[0], "[") && (!test.count || strcmp(argv[argc - 1], "]")))
        test.complaint = "missing ]";
    else if (!strcmp(argv[0], "["))
        test.count--;
    if (!test.complaint && test.count) {
        value = parse_or(&test);
        if (!test.complaint && test.next < test.count)
            test.complaint = "too many arguments";
    }
    *complaint = test.complaint;
    return test.complaint ? 2 : !value;
}
