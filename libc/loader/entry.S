/* Where every program starts: a0 = its argument block (0: the first process, which asks proc). */
    .section .text.entry, "ax"
    .globl _start
_start:
    call load
    /* a0 = the block, a1 = entry of the program; the stack is as good as new. */
    .globl enter_program
enter_program:
    li sp, 0x3ffd0000 /* STACK_TOP */
    jr a1
