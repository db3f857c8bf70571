/* What the kernel hands to the first user program (init, or a kernel test in its place).
 *
 * The kernel image is given an initrd: a flat program with the header below, padded to a page,
 * then the boot archive (cpio "newc", made by the build). The kernel maps the program at
 * ROOT_BASE (RWX by segments of the header), a stack, a message page, this page, and the device
 * tree, all in frames outside of every region, then starts it with a0 = its address.
 */
#ifndef ABI_BOOTINFO_H
#define ABI_BOOTINFO_H

#include <abi/types.h>

#define ROOT_MAGIC 0x544f4f52454e4946UL /* "FINEROOT" little endian */

/* First bytes of the root program, which is linked at ROOT_BASE. */
struct root_header {
    uint64_t magic;
    uint64_t entry;     /* va */
    uint64_t text_end;  /* va, page aligned: [ROOT_BASE, text_end) is RX */
    uint64_t data_end;  /* va: [text_end, data_end) is RW, from the file */
    uint64_t bss_end;   /* va: [data_end, bss_end) is RW, zero */
    uint64_t file_size; /* bytes of the program in the initrd, before padding to a page */
};

#define ROOT_BASE 0x10000UL

/* Slots of the root program's CSpace at start. */
enum root_slot {
    ROOT_CSPACE = 1,
    ROOT_VSPACE = 2,
    ROOT_TCB = 3,
    ROOT_IRQ_CONTROL = 4,
    ROOT_UNTYPED = 5, /* all free RAM in one piece, page aligned */
    ROOT_INITRD = 6,  /* region: the boot archive (after the root program), page aligned */
    ROOT_DEVICES = 7, /* region of device memory: physical [0, RAM base), PLIC and CLINT refused */
    ROOT_FREE = 8,    /* first empty slot */
};
#define ROOT_CSPACE_SLOTS 4096u

struct bootinfo {
    uint64_t ram_base, ram_bytes;   /* physical RAM as the device tree says */
    uint64_t untyped_bytes;         /* size of ROOT_UNTYPED */
    uint64_t initrd_bytes;          /* bytes of the archive in ROOT_INITRD */
    uint64_t timebase_hz;
    uint64_t nharts;
    uint64_t dtb_va, dtb_bytes;     /* read only */
    uint64_t msgpage_va;
    uint64_t boot_instret;          /* rdinstret at kernel entry */
    uint64_t asid_bits;
    uint64_t svade;                 /* 1: no hardware A/D update */
    char cmdline[512];              /* /chosen/bootargs, NUL-terminated, cut */
};

#endif
