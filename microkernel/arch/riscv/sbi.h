/* Calls to the firmware (RISC-V SBI): console output at boot and panic, timer, shutdown. */
#ifndef RISCV_SBI_H
#define RISCV_SBI_H

#include <stdint.h>

void sbi_putchar(char c);
void sbi_puts(const char *s);
void sbi_put_hex(uint64_t n);
void sbi_put_decimal(uint64_t n);
void sbi_set_timer(uint64_t time);
_Noreturn void sbi_shutdown_failed(void);

#endif
