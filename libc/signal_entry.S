/* Entry of upcalls and the way back (signal.c). Offsets are checked there. */
#define SYS_CALL 0
#define SYS_RESUME 7
#define ERR_INTR -13
#define PAYLOAD_WORDS 384
#define REGS_WORDS 65        /* pc, x1..x31, f0..f31, fcsr */
#define PAGE_REGS 3456       /* in the message page */
#define FRAME_REGS 40        /* in struct signal_frame */
#define FRAME_BUSY 560
#define FRAME_PAYLOAD 568
#define STACK_BYTES 2048

    /* Only one upcall at a time is between entry and resume, so one small stack is enough; the
     * program's own may have overflowed just now. */
    .bss
    .balign 16
signal_stack:
    .zero STACK_BYTES
signal_stack_top:

    .text
    .globl signal_entry
    .type signal_entry, @function
signal_entry:
    la sp, signal_stack_top
    call signal_upcall
    li a7, SYS_RESUME
    ecall
    ebreak

/* s0 = the frame, also sp. */
    .globl signal_trampoline
    .type signal_trampoline, @function
signal_trampoline:
    mv a0, s0
    call signal_run

/* Until the ecall an upcall starts the restoring anew (signal.c): s0 keeps the frame. */
    .globl signal_restore_begin
signal_restore_begin:
    la t0, sys_msgpage
    lwu t1, FRAME_BUSY(s0)
    beqz t1, 2f
    li t2, FRAME_PAYLOAD
    add t2, s0, t2
    mv t3, t0
    li t4, PAYLOAD_WORDS
1:  ld t5, (t2)
    sd t5, (t3)
    addi t2, t2, 8
    addi t3, t3, 8
    addi t4, t4, -1
    bnez t4, 1b
2:  la t2, rpc_payload_busy
    sw t1, (t2)
    addi t2, s0, FRAME_REGS
    li t3, PAGE_REGS
    add t3, t0, t3
    li t4, REGS_WORDS
3:  ld t5, (t2)
    sd t5, (t3)
    addi t2, t2, 8
    addi t3, t3, 8
    addi t4, t4, -1
    bnez t4, 3b
    li a7, SYS_RESUME
    ecall
    .globl signal_restore_end
signal_restore_end:
    ebreak

/* int signal_call(slot_t slot, struct message *m): the call, unless a handler ran since signal_handled was
 * last 0. An upcall between the look and the call goes on at signal_call_stop (signal.c). */
    .globl signal_call
    .type signal_call, @function
signal_call:
    addi sp, sp, -16
    sd s1, (sp)
    mv s1, a1
    ld a1, 0(s1)
    ld a2, 8(s1)
    ld a3, 16(s1)
    ld a4, 24(s1)
    ld a5, 32(s1)
    li a7, SYS_CALL
    .globl signal_call_begin
signal_call_begin:
    la t0, signal_handled
    lw t0, (t0)
    bnez t0, signal_call_stop
    ecall
    .globl signal_call_end
signal_call_end:
    sd a1, 0(s1)
    sd a2, 8(s1)
    sd a3, 16(s1)
    sd a4, 24(s1)
    sd a5, 32(s1)
1:  ld s1, (sp)
    addi sp, sp, 16
    ret
    .globl signal_call_stop
signal_call_stop:
    li a0, ERR_INTR
    j 1b
