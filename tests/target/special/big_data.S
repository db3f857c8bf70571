# 10240 pages for big.c; every word of page n is n.
    .section .rodata.big_data, "a"
    .balign 4096
    .globl big_data
big_data:
    .set page, 0
    .rept 10240
    .rept 512
    .quad page
    .endr
    .set page, page + 1
    .endr
