/* The harness of target tests: programs that run inside of the system and print TAP.
 *
 * A test is a function whose name is a sentence; it returns at its first check that does not hold.
 * Programs end with `TAP_MAIN(first_test, second_test, ...)`. The host side is
 * tests/harness/target.py; the guest's runner, tests/target/tap/runner.c, gives each program a time
 * limit.
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

/* Ends the test (a function that returns void) unless `condition` holds. */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            tap_fail(__FILE__, __LINE__, #condition);                                              \
            return;                                                                                \
        }                                                                                          \
    } while (0)

/* Ends the test unless both integers are equal; both are shown. */
#define CHECK_EQ(got, want)                                                                        \
    do {                                                                                           \
        long tap_got = (long)(got), tap_want = (long)(want);                                       \
        if (tap_got != tap_want) {                                                                 \
            tap_fail_values(__FILE__, __LINE__, #got " == " #want, tap_got, tap_want);             \
            return;                                                                                \
        }                                                                                          \
    } while (0)

/* A system call must have succeeded (not be negative): shows errno. */
#define CHECK_OK(call) CHECK_EQ((call) < 0 ? -tap_errno() : 0, 0)

/* A call must fail with that errno. */
#define CHECK_FAILS(call, code) CHECK_EQ((call) < 0 ? tap_errno() : 0, code)

/* Ends the test if a function that it called failed. */
#define CHECK_STILL_GOOD()                                                                         \
    do {                                                                                           \
        if (tap_failed())                                                                          \
            return;                                                                                \
    } while (0)

/* For a main of one's own: run these tests. => its status. */
#define TAP_RUN(...)                                                                               \
    ({                                                                                             \
        static void (*const functions[])(void) = {__VA_ARGS__};                                    \
        tap_run(#__VA_ARGS__, functions, sizeof functions / sizeof *functions);                    \
    })

#define TAP_MAIN(...)                                                                              \
    int main(void)                                                                                 \
    {                                                                                              \
        return TAP_RUN(__VA_ARGS__);                                                               \
    }

/* Run the tests, print a line each and the plan. `names`: separated by commas. => 0 if all passed. */
int tap_run(const char *names, void (*const *functions)(void), size_t count);

void tap_fail(const char *file, int line, const char *what);
void tap_fail_values(const char *file, int line, const char *what, long got, long want);
bool tap_failed(void);
int tap_errno(void);

/* Prints a comment line: shown with the next test if that fails. */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Run `body` in a child. => wait status (of a child that returns: exit status 0, or 1 if a check
 * failed in it). -1: fork failed. */
int tap_in_child(void (*body)(void));

/* Wait status of a child that is waited for here (-1: any); -1 if there is none. */
int tap_status(pid_t pid);

/* A page of zeros that children share. */
void *tap_shared_page(void);

/* The time of `clock` some milliseconds from now. */
struct timespec tap_after(clockid_t clock, long ms);

/* Repeatable random numbers: xorshift, one state for the program, seeded with a constant. */
unsigned long tap_random(void);

#endif
