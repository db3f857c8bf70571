/* Offsets of struct tcb for assembly; checked against the structure in traps.c. */
#ifndef RISCV_TCB_OFFSETS_H
#define RISCV_TCB_OFFSETS_H

#define TCB_FULL 6
#define TCB_REGS 8
#define TCB_REG(n) (TCB_REGS + 8 * (n))

#endif
