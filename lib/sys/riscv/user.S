/* See user.h. No routine here touches sp, gp, tp, ra or a saved register, so that the landing can
 * return for each of them. */
#define ERR_FAULT -55

    .section .careful, "ax"

/* Where the pager sends bad accesses of this section: it must be first. */
    .globl user_landing
    .type user_landing, @function
user_landing:
    li a0, ERR_FAULT
    ret

/* Byte by byte until both are aligned, if they ever are; then 64 and 8 bytes at a time. */
    .globl user_copy
    .type user_copy, @function
user_copy:
    xor t0, a0, a1
    andi t0, t0, 7
    bnez t0, 5f
1:  andi t0, a0, 7
    beqz t0, 2f
    beqz a2, 9f
    lb t1, (a1)
    sb t1, (a0)
    addi a0, a0, 1
    addi a1, a1, 1
    addi a2, a2, -1
    j 1b
2:  li t0, 64
    bltu a2, t0, 4f
3:  ld t1, (a1)
    ld t2, 8(a1)
    ld t3, 16(a1)
    ld t4, 24(a1)
    ld t5, 32(a1)
    ld t6, 40(a1)
    ld a3, 48(a1)
    ld a4, 56(a1)
    sd t1, (a0)
    sd t2, 8(a0)
    sd t3, 16(a0)
    sd t4, 24(a0)
    sd t5, 32(a0)
    sd t6, 40(a0)
    sd a3, 48(a0)
    sd a4, 56(a0)
    addi a1, a1, 64
    addi a0, a0, 64
    addi a2, a2, -64
    bgeu a2, t0, 3b
4:  li t0, 8
    bltu a2, t0, 7f
    ld t1, (a1)
    sd t1, (a0)
    addi a1, a1, 8
    addi a0, a0, 8
    addi a2, a2, -8
    j 4b
5:  li t0, 4 /* never aligned alike */
    bltu a2, t0, 7f
6:  lb t1, (a1)
    lb t2, 1(a1)
    lb t3, 2(a1)
    lb t4, 3(a1)
    sb t1, (a0)
    sb t2, 1(a0)
    sb t3, 2(a0)
    sb t4, 3(a0)
    addi a1, a1, 4
    addi a0, a0, 4
    addi a2, a2, -4
    bgeu a2, t0, 6b
7:  beqz a2, 9f
8:  lb t1, (a1)
    sb t1, (a0)
    addi a1, a1, 1
    addi a0, a0, 1
    addi a2, a2, -1
    bnez a2, 8b
9:  li a0, 0
    ret

    .globl user_strnlen
    .type user_strnlen, @function
user_strnlen:
    mv t0, a0
    add t1, a0, a1
1:  beq t0, t1, 2f
    lbu t2, (t0)
    beqz t2, 2f
    addi t0, t0, 1
    j 1b
2:  sub a0, t0, a0
    ret

    .globl user_touch
    .type user_touch, @function
user_touch:
    andi t0, a0, -4
    amoadd.w zero, zero, (t0)
    li a0, 0
    ret
