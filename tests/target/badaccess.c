/* Bad accesses end the process that makes them, with the right signal, and nobody else; bad pointers
 * in calls are EFAULT; no system call with nonsense in its registers does harm. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <abi/layout.h>
#include <abi/syscall.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile char *address;
static const char constant[64] = "constant";

static void load(void)
{
    (void)*address;
}

static void store(void)
{
    *address = 1;
}

static void jump(void)
{
    ((void (*)(void))address)();
}

static void execute_zeros(void)
{
    __asm__ volatile(".word 0");
}

static void breakpoint(void)
{
    __asm__ volatile("ebreak");
}

static void privileged(void)
{
    __asm__ volatile("csrr a0, sstatus" ::: "a0");
}

static int signal_of(void (*body)(void))
{
    int status = tap_in_child(body);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void unmapped_addresses_are_sigsegv(void)
{
    static const unsigned long nowhere[] = {0, 8, 0xfff, 0x8000, 0x3f0000000, 1UL << 37,
                                            1UL << 38, 1UL << 39, 1UL << 62, 0xffffffc000000000,
                                            0xffffffff80200000, ~7UL};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
        address = (volatile char *)nowhere[i];
        tap_note("address %#lx", nowhere[i]);
        CHECK_EQ(signal_of(load), SIGSEGV);
        CHECK_EQ(signal_of(store), SIGSEGV);
        CHECK_EQ(signal_of(jump), SIGSEGV);
    }
}

static void text_and_constants_cannot_be_written(void)
{
    address = (volatile char *)(void *)store;
    CHECK_EQ(signal_of(load), 0);
    CHECK_EQ(signal_of(store), SIGSEGV);
    address = (volatile char *)constant;
    CHECK_EQ(signal_of(load), 0);
    CHECK_EQ(signal_of(store), SIGSEGV);
}

static void data_and_stack_cannot_be_executed(void)
{
    static unsigned data[2] = {0x00008067, 0x00008067}; /* ret */
    unsigned local[2] = {0x00008067, 0x00008067};
    address = (volatile char *)data;
    CHECK_EQ(signal_of(jump), SIGSEGV);
    address = (volatile char *)local;
    CHECK_EQ(signal_of(jump), SIGSEGV);
}

static void illegal_instructions_are_sigill(void)
{
    CHECK_EQ(signal_of(execute_zeros), SIGILL);
    CHECK_EQ(signal_of(privileged), SIGILL);
    CHECK_EQ(signal_of(breakpoint), SIGTRAP);
}

static void bad_pointers_in_calls_are_efault(void)
{
    int fd = open("/tmp/efault", O_RDWR | O_CREAT | O_TRUNC, 0600), ends[2];
    void *none = mmap(NULL, 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK_OK(fd);
    CHECK_OK(pipe(ends));
    CHECK_EQ(write(fd, "0123456789", 10), 10);
    CHECK_FAILS(pread(fd, (void *)8, 10, 0), EFAULT);
    CHECK_FAILS(pwrite(fd, (void *)8, 10, 0), EFAULT);
    CHECK_FAILS(pread(fd, none, 10, 0), EFAULT);
    CHECK_FAILS(pread(fd, (void *)constant, 10, 0), EFAULT);
    CHECK_FAILS(pread(fd, (void *)-4096L, 10, 0), EFAULT);
    CHECK_EQ(pread(fd, (char *)none, 0, 0), 0);
    CHECK_OK(mprotect(none, PAGE, PROT_READ | PROT_WRITE));
    CHECK_EQ(pread(fd, (char *)none + PAGE - 4, 10, 0), 4);
    CHECK(memcmp((char *)none + PAGE - 4, "0123", 4) == 0);
    munmap(none, 2 * PAGE);
    close(fd);
    close(ends[0]);
    close(ends[1]);
    unlink("/tmp/efault");
}

/* One system call with anything in its registers but a capability of ours, which could do things we
 * asked for. */
static void random_system_call(void)
{
    register unsigned long a0 __asm__("a0") = tap_random();
    register unsigned long a1 __asm__("a1") = tap_random() >> tap_random() % 64;
    register unsigned long a2 __asm__("a2") = tap_random() >> tap_random() % 64;
    register unsigned long a3 __asm__("a3") = tap_random() >> tap_random() % 64;
    register unsigned long a4 __asm__("a4") = tap_random();
    register unsigned long a5 __asm__("a5") = tap_random();
    register unsigned long a6 __asm__("a6") = tap_random();
    register unsigned long a7 __asm__("a7") = tap_random() % (SYS_COUNT + 3);
    if ((a0 & 0xffffffff) < 16)
        a0 += 16;
    if (a0 >> 32 < 16)
        a0 += 16UL << 32;
    if (a7 == SYS_RESUME)
        a7 = ~a7;
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6), "+r"(a7)
                     :
                     : "t0", "t1", "t2", "t3", "t4", "t5", "t6", "memory");
}

static void many_random_system_calls(void)
{
    for (int i = 0; i < 20000; i++)
        random_system_call();
}

static void resume_without_upcall(void)
{
    register unsigned long a7 __asm__("a7") = SYS_RESUME;
    memset((void *)MSGPAGE_VA, 0xff, PAGE);
    __asm__ volatile("ecall" : "+r"(a7) : : "memory");
}

static void nonsense_in_registers_does_no_harm(void)
{
    CHECK_EQ(tap_in_child(many_random_system_calls), 0);
    CHECK(tap_in_child(resume_without_upcall) != -1);
    CHECK(getpid() > 0);
}

static void other_floating_point(void)
{
    volatile double sum = 1;
    for (int i = 0; i < 1000; i++)
        sum = sum * 1.0001 + 3;
}

static void floating_point_survives_other_processes(void)
{
    double sum = 0, product = 1;
    for (int i = 0; i < 50; i++) {
        sum += i * 0.5;
        product *= 1.5;
        CHECK_EQ(tap_in_child(other_floating_point), 0);
    }
    CHECK(sum == 612.5);
    CHECK(product > 637621500.2 && product < 637621500.3);
}

TAP_MAIN(unmapped_addresses_are_sigsegv, text_and_constants_cannot_be_written,
         data_and_stack_cannot_be_executed, illegal_instructions_are_sigill,
         bad_pointers_in_calls_are_efault, nonsense_in_registers_does_no_harm,
         floating_point_survives_other_processes)
