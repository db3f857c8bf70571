/* Entry of every server: a0 = SERVER_BOOT_VA, sp = SERVER_STACK_TOP (lib/server/boot.h). Sets gp and
 * tp (the one thread's TLS block lies in .tdata/.tbss itself) and enters main(boot). A server that
 * returns from main has nothing left to do: it stops at a breakpoint, which init reports. */
    .section .text.entry, "ax"
    .globl _start
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la tp, __tls_start
    call main
    ebreak
    j .
