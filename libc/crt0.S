/* Entry of every program: a0 = its struct exec_args, sp = STACK_TOP, as the loader left them. */
    .section .text.entry, "ax"
    .globl _start
    .type _start, @function
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la tp, __tls_block
    mv s0, zero
    call libc_start
    ebreak
    .size _start, . - _start
