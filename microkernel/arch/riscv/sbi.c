/* RISC-V SBI: legacy console (extension 1), TIME, SRST. */
#include "microkernel/arch/riscv/sbi.h"

#define SBI_PUTCHAR 1
#define SBI_TIME 0x54494d45
#define SBI_SRST 0x53525354
#define SRST_SHUTDOWN 0
#define SRST_SYSTEM_FAILURE 1

static void sbi_call(uint64_t extension, uint64_t function, uint64_t arg0, uint64_t arg1)
{
    register uint64_t a0 __asm__("a0") = arg0;
    register uint64_t a1 __asm__("a1") = arg1;
    register uint64_t a6 __asm__("a6") = function;
    register uint64_t a7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
}

void sbi_putchar(char c)
{
    sbi_call(SBI_PUTCHAR, 0, (unsigned char)c, 0);
}

void sbi_puts(const char *s)
{
    while (*s)
        sbi_putchar(*s++);
}

void sbi_put_hex(uint64_t n)
{
    int shift = 60;
    while (shift && !(n >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        sbi_putchar("0123456789abcdef"[n >> shift & 15]);
}

void sbi_put_decimal(uint64_t n)
{
    if (n >= 10)
        sbi_put_decimal(n / 10);
    sbi_putchar('0' + n % 10);
}

void sbi_set_timer(uint64_t time)
{
    sbi_call(SBI_TIME, 0, time, 0);
}

_Noreturn void sbi_shutdown_failed(void)
{
    sbi_call(SBI_SRST, 0, SRST_SHUTDOWN, SRST_SYSTEM_FAILURE);
    for (;;)
        __asm__ volatile("wfi");
}
