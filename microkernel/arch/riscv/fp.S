/* FP registers to and from memory: f0..f31, fcsr. The kernel itself is built without them. */
        .option arch, +d
        .text
.macro all op
        .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        \op     f\n, 8*\n(a0)
        .endr
.endm
        .globl  arch_fp_save
arch_fp_save:
        all     fsd
        frcsr   t0
        sd      t0, 256(a0)
        ret
        .globl  arch_fp_load
arch_fp_load:
        all     fld
        ld      t0, 256(a0)
        fscsr   t0
        ret
