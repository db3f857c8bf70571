/* What other people's programs and conformance suites asked for: a small case of our own for each. */
#include <tests/target/tap/tap.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>

/* `struct timezone` and the variable are two things. */
static void time_zones_by_posix_names(void)
{
    struct timezone zone = {0, 0};

    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    CHECK_EQ(timezone, -3600);
    CHECK_EQ(daylight, 1);
    CHECK(strcmp(tzname[0], "CET") == 0 && strcmp(tzname[1], "CEST") == 0);
    setenv("TZ", "UTC0", 1);
    tzset();
    CHECK_EQ(timezone + zone.tz_minuteswest, 0);
    CHECK_EQ(daylight, 0);
    unsetenv("TZ");
}

static volatile unsigned long seen_pc;

static void note_context(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;

    seen_pc = uc->uc_mcontext.__gregs[REG_PC];
    uc->uc_mcontext.__gregs[REG_PC] += 4;
}

static void a_handler_sees_and_moves_the_programs_place(void)
{
    struct sigaction action = {.sa_sigaction = note_context, .sa_flags = SA_SIGINFO}, old;
    unsigned long here, after = 0;

    CHECK_OK(sigaction(SIGILL, &action, &old));
    __asm__ volatile(".option push\n.option norvc\nla %0, 1f\n1: .word 0\nli %1, 7\n.option pop"
                     : "=&r"(here), "=r"(after)::"memory");
    CHECK_OK(sigaction(SIGILL, &old, NULL));
    CHECK_EQ(seen_pc, here);
    CHECK_EQ(after, 7);
}

/* The neighbours in the same word keep what they hold. */
#define SMALL_ATOMICS(type, top)                                                                             \
    do {                                                                                                     \
        static _Atomic type cell[4] = {top, top, 1, 1};                                                      \
        type wanted = 5;                                                                                     \
                                                                                                             \
        CHECK_EQ(atomic_fetch_add(&cell[1], 3), top);                                                        \
        CHECK_EQ(atomic_fetch_sub(&cell[1], 4), 2);                                                          \
        CHECK_EQ(atomic_fetch_and(&cell[1], 0x3c), top - 1);                                                 \
        CHECK_EQ(atomic_fetch_or(&cell[1], 3), 0x3c);                                                        \
        CHECK_EQ(atomic_fetch_xor(&cell[1], 0x0f), 0x3f);                                                    \
        CHECK_EQ(__atomic_fetch_nand((type *)&cell[1], 0x10, __ATOMIC_SEQ_CST), 0x30);                       \
        CHECK_EQ(atomic_exchange(&cell[1], 6), top - 0x10);                                                  \
        CHECK(!atomic_compare_exchange_strong(&cell[1], &wanted, 9));                                        \
        CHECK_EQ(wanted, 6);                                                                                 \
        CHECK(atomic_compare_exchange_strong(&cell[1], &wanted, 9));                                         \
        CHECK_EQ(wanted, 6);                                                                                 \
        CHECK(cell[0] == top && cell[1] == 9 && cell[2] == 1 && cell[3] == 1);                               \
    } while (0)

static void small_atomic_types_work_within_a_word(void)
{
    SMALL_ATOMICS(uint8_t, UINT8_MAX);
    SMALL_ATOMICS(uint16_t, UINT16_MAX);
}

TAP_MAIN(time_zones_by_posix_names, a_handler_sees_and_moves_the_programs_place,
         small_atomic_types_work_within_a_word)
