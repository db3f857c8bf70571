/* What programs use of the library beside files and processes: numbers at random, tables, messages. */
#include <tests/target/tap/tap.h>

#include <dlfcn.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <nl_types.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>
#include <wordexp.h>

/* Numbers known from other systems. */
static void random_gives_the_well_known_numbers(void)
{
    char small[32], large[256], tiny[8], none[4];
    char *first;

    CHECK_EQ(random(), 1804289383);
    CHECK_EQ(random(), 846930886);
    srandom(42);
    CHECK_EQ(random(), 71876166);
    first = initstate(1, small, sizeof small);
    CHECK(first);
    CHECK_EQ(random(), 964237963);
    CHECK_EQ(random(), 406111040);
    CHECK(initstate(1, large, sizeof large) == small);
    CHECK_EQ(random(), 510644794);
    CHECK(initstate(1, tiny, sizeof tiny) == large);
    CHECK_EQ(random(), 1103527590);
    CHECK(setstate(small) == tiny);
    CHECK_EQ(random(), 156505215);
    CHECK(setstate(first) == small);
    CHECK_EQ(random(), 708592740);
    CHECK(initstate(1, none, sizeof none) == NULL && errno == EINVAL);
}

static int compare_ints(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void linear_search_finds_and_adds(void)
{
    int table[4] = {5, 3}, key = 3, new = 9;
    size_t n = 2;

    CHECK(lfind(&key, table, &n, sizeof key, compare_ints) == &table[1]);
    CHECK(lfind(&new, table, &n, sizeof key, compare_ints) == NULL);
    CHECK(lsearch(&new, table, &n, sizeof key, compare_ints) == &table[2]);
    CHECK(n == 3 && table[2] == 9);
    CHECK(lsearch(&new, table, &n, sizeof key, compare_ints) == &table[2]);
    CHECK_EQ(n, 3);
}

static void queues_link_and_unlink(void)
{
    struct qelem a, b, c;

    insque(&a, NULL);
    insque(&c, &a);
    insque(&b, &a);
    CHECK(a.q_forw == &b && b.q_forw == &c && c.q_forw == NULL);
    CHECK(a.q_back == NULL && b.q_back == &a && c.q_back == &b);
    remque(&b);
    CHECK(a.q_forw == &c && c.q_back == &a);
    remque(&a);
    CHECK(c.q_back == NULL);
}

/* What `body` writes to stderr, in a child; its wait status. */
static int stderr_of(void (*body)(void), char *text, size_t size)
{
    int ends[2], status;
    ssize_t n, all = 0;
    pid_t child;

    if (pipe(ends) || (child = fork()) < 0)
        return -1;
    if (child == 0) {
        dup2(ends[1], 2);
        body();
        exit(0);
    }
    close(ends[1]);
    while ((n = read(ends[0], text + all, size - 1 - (size_t)all)) > 0)
        all += n;
    text[all] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return status;
}

static void say_errors(void)
{
    error(0, 0, "one %d", 1);
    error_one_per_line = 1;
    error_at_line(0, ENOENT, "file", 7, "two");
    error_at_line(0, ENOENT, "file", 7, "two again");
    error(3, EINVAL, "%u so far", error_message_count);
}

static void error_says_and_ends(void)
{
    char text[300], want[400];

    CHECK_EQ(stderr_of(say_errors, text, sizeof text), 3 << 8);
    snprintf(want, sizeof want, "%s: one 1\n%s:file:7: two: %s\n%s: 2 so far: %s\n",
             program_invocation_name, program_invocation_name, strerror(ENOENT),
             program_invocation_name, strerror(EINVAL));
    CHECK(strcmp(text, want) == 0);
}

static void log_something(void)
{
    openlog("me", LOG_PERROR, LOG_USER);
    syslog(LOG_ERR, "%s is %d", "it", 5);
    setlogmask(LOG_UPTO(LOG_ERR));
    syslog(LOG_DEBUG, "not this");
    syslog(LOG_USER | LOG_CRIT, "but this\n");
    closelog();
    syslog(LOG_ERR, "and this nowhere");
}

static void syslog_goes_to_stderr_if_asked(void)
{
    char text[200];

    CHECK_EQ(stderr_of(log_something, text, sizeof text), 0);
    CHECK(strcmp(text, "me: it is 5\nme: but this\n") == 0);
    CHECK_EQ(setlogmask(0), LOG_UPTO(LOG_DEBUG));
}

static void there_are_no_shared_objects_and_no_catalogues(void)
{
    CHECK(dlerror() == NULL);
    CHECK(dlopen("libm.so", RTLD_NOW) == NULL);
    CHECK(dlerror() != NULL);
    CHECK(dlerror() == NULL);
    CHECK(dlsym(RTLD_DEFAULT, "main") == NULL && dlerror());
    CHECK_EQ(dlclose(NULL), -1);
    CHECK(catopen("messages", NL_CAT_LOCALE) == (nl_catd)-1 && errno == ENOENT);
    CHECK(strcmp(catgets((nl_catd)-1, 1, 1, "default"), "default") == 0);
    CHECK_FAILS(catclose((nl_catd)-1), EBADF);
}

static void words_expand_as_in_the_shell(void)
{
    wordexp_t w;

    setenv("WORD", "a  b", 1);
    CHECK_EQ(wordexp("one 'two three' $WORD \"$WORD\" $(echo x y) $((2 + 3))", &w, 0), 0);
    CHECK_EQ(w.we_wordc, 8);
    CHECK(strcmp(w.we_wordv[1], "two three") == 0 && strcmp(w.we_wordv[3], "b") == 0);
    CHECK(strcmp(w.we_wordv[4], "a  b") == 0 && strcmp(w.we_wordv[7], "5") == 0 && !w.we_wordv[8]);
    CHECK_EQ(wordexp("/bin/s? ~", &w, WRDE_APPEND), 0);
    CHECK(w.we_wordc >= 10 && strncmp(w.we_wordv[8], "/bin/s", 6) == 0);
    wordfree(&w);
    w.we_offs = 2;
    CHECK_EQ(wordexp("x", &w, WRDE_DOOFFS), 0);
    CHECK(w.we_wordc == 1 && !w.we_wordv[0] && !w.we_wordv[1] && strcmp(w.we_wordv[2], "x") == 0);
    wordfree(&w);
    CHECK_EQ(wordexp("a | b", &w, 0), WRDE_BADCHAR);
    CHECK_EQ(wordexp("a 'b", &w, 0), WRDE_SYNTAX);
    CHECK_EQ(wordexp("${x", &w, 0), WRDE_SYNTAX);
    CHECK_EQ(wordexp("$(echo)", &w, WRDE_NOCMD), WRDE_CMDSUB);
    CHECK_EQ(wordexp("`echo`", &w, WRDE_NOCMD), WRDE_CMDSUB);
    CHECK_EQ(wordexp("$NOT_SET_AT_ALL", &w, WRDE_UNDEF), WRDE_BADVAL);
    CHECK_EQ(wordexp("$NOT_SET_AT_ALL ';' \\;", &w, 0), 0);
    CHECK_EQ(w.we_wordc, 2);
    wordfree(&w);
}

TAP_MAIN(words_expand_as_in_the_shell, random_gives_the_well_known_numbers, linear_search_finds_and_adds, queues_link_and_unlink,
         error_says_and_ends, syslog_goes_to_stderr_if_asked,
         there_are_no_shared_objects_and_no_catalogues)
