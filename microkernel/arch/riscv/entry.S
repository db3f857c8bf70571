/* Boot and traps.
 *
 * In user mode sscratch = the running TCB; in the kernel it is 0, so that a trap from the kernel, a
 * bug, is noticed. A system call saves what its stub keeps (ra, sp, gp, tp, s0..s11); its arguments
 * go on to C in their registers. Any other trap saves all registers. Interrupts are off in the
 * kernel. The C functions return the TCB to run.
 */
#include "tcb_offsets.h"

        .section .text.boot, "ax"
        .globl  _start
/* a0 = hart, a1 = device tree; no translation. Registers kept for C: a0, a1. */
_start: rdinstret s2
        csrw    sie, zero
        la      t0, boot_root
        srli    t1, t0, 12
        li      t2, 8
        slli    t2, t2, 60
        or      t1, t1, t2
        la      t2, 1f                  # go on at the linked address: physical + offset
        li      t3, 0xffffffc000000000
        add     t2, t2, t3
        csrw    stvec, t2
        sfence.vma
        csrw    satp, t1                # traps to 1: if the identity mapping did not cover it
        jr      t2
        .balign 4
1:      la      sp, kernel_stack_top
        la      t0, trap_entry
        csrw    stvec, t0
        csrw    sscratch, zero
        mv      a2, s2
        call    boot_main
        j       trap_return

/* Gigapages: device memory and RAM, where they are and at the kernel's offset. C makes the real one. */
        .section .data.boot, "aw"
        .balign 4096
boot_root:
        .quad   0xc7                    # V R W A D: 0x00000000
        .quad   0
        .quad   0x200000cf              # V R W X A D: 0x80000000
        .zero   8 * 253
        .quad   0xe7
        .quad   0
        .quad   0x200000ef
        .quad   0x300000ef
        .zero   8 * 252

        .text
        .balign 4
        .globl  trap_entry
trap_entry:
        csrrw   tp, sscratch, tp
        beqz    tp, from_kernel
        sd      t0, TCB_REG(5)(tp)
        csrr    t0, scause
        addi    t0, t0, -8
        bnez    t0, not_a_call
        sd      ra, TCB_REG(1)(tp)
        sd      sp, TCB_REG(2)(tp)
        sd      gp, TCB_REG(3)(tp)
        sd      s0, TCB_REG(8)(tp)
        sd      s1, TCB_REG(9)(tp)
        sd      s2, TCB_REG(18)(tp)
        sd      s3, TCB_REG(19)(tp)
        sd      s4, TCB_REG(20)(tp)
        sd      s5, TCB_REG(21)(tp)
        sd      s6, TCB_REG(22)(tp)
        sd      s7, TCB_REG(23)(tp)
        sd      s8, TCB_REG(24)(tp)
        sd      s9, TCB_REG(25)(tp)
        sd      s10, TCB_REG(26)(tp)
        sd      s11, TCB_REG(27)(tp)
        csrrw   t0, sscratch, zero
        sd      t0, TCB_REG(4)(tp)
        csrr    t0, sepc
        addi    t0, t0, 4
        sd      t0, TCB_REG(0)(tp)
        sb      zero, TCB_FULL(tp)
        mv      a6, tp
        la      sp, kernel_stack_top
        call    syscall_entry

/* a0 = the TCB to run */
        .globl  trap_return
trap_return:
        csrw    sscratch, a0
        ld      t0, TCB_REG(0)(a0)
        lbu     t1, TCB_FULL(a0)
        csrw    sepc, t0
        ld      ra, TCB_REG(1)(a0)
        ld      sp, TCB_REG(2)(a0)
        ld      gp, TCB_REG(3)(a0)
        ld      tp, TCB_REG(4)(a0)
        ld      s0, TCB_REG(8)(a0)
        ld      s1, TCB_REG(9)(a0)
        ld      a1, TCB_REG(11)(a0)
        ld      a2, TCB_REG(12)(a0)
        ld      a3, TCB_REG(13)(a0)
        ld      a4, TCB_REG(14)(a0)
        ld      a5, TCB_REG(15)(a0)
        ld      a6, TCB_REG(16)(a0)
        ld      s2, TCB_REG(18)(a0)
        ld      s3, TCB_REG(19)(a0)
        ld      s4, TCB_REG(20)(a0)
        ld      s5, TCB_REG(21)(a0)
        ld      s6, TCB_REG(22)(a0)
        ld      s7, TCB_REG(23)(a0)
        ld      s8, TCB_REG(24)(a0)
        ld      s9, TCB_REG(25)(a0)
        ld      s10, TCB_REG(26)(a0)
        ld      s11, TCB_REG(27)(a0)
        bnez    t1, 1f
        li      t0, 0
        li      t1, 0
        li      t2, 0
        li      t3, 0
        li      t4, 0
        li      t5, 0
        li      t6, 0
        li      a7, 0
        ld      a0, TCB_REG(10)(a0)
        sret
1:      ld      t0, TCB_REG(5)(a0)
        ld      t1, TCB_REG(6)(a0)
        ld      t2, TCB_REG(7)(a0)
        ld      t3, TCB_REG(28)(a0)
        ld      t4, TCB_REG(29)(a0)
        ld      t5, TCB_REG(30)(a0)
        ld      t6, TCB_REG(31)(a0)
        ld      a7, TCB_REG(17)(a0)
        ld      a0, TCB_REG(10)(a0)
        sret

/* t0 = scause - 8, saved already */
not_a_call:
        sd      ra, TCB_REG(1)(tp)
        sd      sp, TCB_REG(2)(tp)
        sd      gp, TCB_REG(3)(tp)
        sd      t1, TCB_REG(6)(tp)
        sd      t2, TCB_REG(7)(tp)
        sd      s0, TCB_REG(8)(tp)
        sd      s1, TCB_REG(9)(tp)
        sd      a0, TCB_REG(10)(tp)
        sd      a1, TCB_REG(11)(tp)
        sd      a2, TCB_REG(12)(tp)
        sd      a3, TCB_REG(13)(tp)
        sd      a4, TCB_REG(14)(tp)
        sd      a5, TCB_REG(15)(tp)
        sd      a6, TCB_REG(16)(tp)
        sd      a7, TCB_REG(17)(tp)
        sd      s2, TCB_REG(18)(tp)
        sd      s3, TCB_REG(19)(tp)
        sd      s4, TCB_REG(20)(tp)
        sd      s5, TCB_REG(21)(tp)
        sd      s6, TCB_REG(22)(tp)
        sd      s7, TCB_REG(23)(tp)
        sd      s8, TCB_REG(24)(tp)
        sd      s9, TCB_REG(25)(tp)
        sd      s10, TCB_REG(26)(tp)
        sd      s11, TCB_REG(27)(tp)
        sd      t3, TCB_REG(28)(tp)
        sd      t4, TCB_REG(29)(tp)
        sd      t5, TCB_REG(30)(tp)
        sd      t6, TCB_REG(31)(tp)
        csrrw   t1, sscratch, zero
        sd      t1, TCB_REG(4)(tp)
        csrr    t1, sepc
        sd      t1, TCB_REG(0)(tp)
        li      t1, 1
        sb      t1, TCB_FULL(tp)
        la      sp, kernel_stack_top
        addi    a1, t0, 8               # scause again
        bltz    a1, 2f
        mv      a0, tp
        csrr    a2, stval
        la      ra, trap_return
        tail    fault_entry
2:      andi    a1, a1, 0xff            # an interrupt: its number without the top bit
        addi    a0, a1, -5
        seqz    a0, a0
        la      ra, trap_return
        tail    interrupt_entry

from_kernel:
        csrrw   tp, sscratch, tp        # both are 0 or meaningless: the kernel is at an end
        la      sp, kernel_stack_top
        csrr    a0, scause
        csrr    a1, sepc
        csrr    a2, stval
        tail    trap_panic

/* The probe for hardware A/D update: loads from a0 what a PTE without A maps.
 * Returns 1 if that faulted, 0 if not. */
        .globl  probe_load
        .balign 4
probe_load:
        la      t0, 1f
        csrrw   t1, stvec, t0
        ld      t2, 0(a0)
        li      a0, 0
        csrw    stvec, t1
        ret
        .balign 4
1:      li      a0, 1
        csrw    stvec, t1
        li      t0, 0x100               # still in S-mode: return to the caller
        csrs    sstatus, t0
        csrw    sepc, ra
        sret

        .bss
        .balign 16
kernel_stack:
        .zero   16384
kernel_stack_top:
