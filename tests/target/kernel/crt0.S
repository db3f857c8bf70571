/* Header and entry of a root program (include/abi/bootinfo.h). a0 = bootinfo, sp is set. */
        .section .root_header, "ax"
        .quad   0x544f4f52454e4946
        .quad   root_start
        .quad   root_text_end
        .quad   root_data_end
        .quad   root_bss_end
        .quad   root_data_end - 0x10000
        .globl  root_start
root_start:
        call    root_main
1:      j       1b
