/* What the kernel reads of the root program (<abi/bootinfo.h>), then its entry: the kernel has set
 * sp, and a0 = struct bootinfo. */
    .section .header, "a"
    .quad 0x544f4f52454e4946
    .quad _start
    .quad __text_end
    .quad __data_end
    .quad __bss_end
    .quad __file_size
