/* What init gives every server before its first instruction: fixed slots, fixed addresses, and one
 * read-only page with the rest. Servers start at their ELF entry with sp at SERVER_STACK_TOP and
 * a0 = SERVER_BOOT_VA. All their memory is mapped from the start; they never fault in health.
 */
#ifndef LIB_SERVER_BOOT_H
#define LIB_SERVER_BOOT_H

#include <abi/types.h>

enum server_id {
    SRV_INIT = 0,
    SRV_CONSOLE = 1,
    SRV_BLK = 2,
    SRV_SWAP = 3,
    SRV_FS = 4,
    SRV_PAGER = 5,
    SRV_PROC = 6,
    SRV_COUNT
};

/* Slots of a server's CSpace. */
enum server_slot {
    SLOT_CSPACE = 1,
    SLOT_VSPACE = 2,
    SLOT_TCB = 3,
    SLOT_ENDPOINT = 4,      /* receive here (fs, pager, proc: programs call it) */
    SLOT_NOTIFICATION = 5,  /* own, bound to the thread; bit p = peer p posted, bits below */
    SLOT_UNTYPED = 6,       /* memory for further objects (pager: its second thread) */
    SLOT_TIMER = 7,         /* bound to NOTIFY_TIMER */
    SLOT_IRQ = 8,           /* SLOT_IRQ + i: bound to NOTIFY_IRQ << i (console: UART; blk: disk i) */
    SLOT_RAM = 15,          /* pager: region of all frames it manages; blk: none (addresses in boot) */
    SLOT_PEER = 16,         /* SLOT_PEER + p: signal peer p (badge = bit of this server) */
    SLOT_SERVICE_FS = 32,   /* proc: unbadged endpoints, to mint for programs */
    SLOT_SERVICE_PAGER = 33,
    SLOT_SERVICE_PROC = 34,
    SLOT_REPLY = 64,        /* SLOT_REPLY + i: reply objects, server_boot.replies of them */
    SLOT_POOL_TCB = 512,    /* + pool slot: proc: TCBs; pager: the same, RIGHT_MESSAGE only */
    SLOT_POOL_VSPACE = 1024,/* + pool slot: proc and pager */
    SLOT_POOL_CSPACE = 1536,/* + pool slot: proc */
    SERVER_CSPACE_SLOTS = 2048,
};

/* Bits of a server's notification word. Bits 0..15: peers by server_id. */
#define NOTIFY_PEER(id) (1UL << (id))
#define NOTIFY_TIMER (1UL << 16)
#define NOTIFY_IRQ (1UL << 24) /* << i */

/* Slots of a program's CSpace (16 slots), minted by proc with the process's badge. */
enum program_slot {
    PROG_PROC = 1,
    PROG_FS = 2,
    PROG_PAGER = 3,
    PROG_CSPACE_SLOTS = 16,
};

#define POOL_SLOTS 288 /* processes at most, zombies included; pool slot 0 is used too */

/* Addresses in a server. */
#define SERVER_STACK_TOP 0x3ff00000UL
#define SERVER_STACK_BYTES (32UL << 10)
#define SERVER_BOOT_VA 0x3ff10000UL
#define SERVER_MSGPAGE_VA 0x3ff11000UL
#define SERVER_RING_VA 0x3ff20000UL    /* + peer * 2 pages: [0] we write, [1] the peer writes */
#define SERVER_BYTES_VA 0x3ff60000UL   /* byte rings, one page each: enum byte_ring */
#define SERVER_DEVICE_VA 0x3ff80000UL  /* + i pages: console: UART; blk: virtio-mmio of disk i */
#define SERVER_ARGV_VA 0x3ff90000UL    /* proc: the boot archive's `argv`, NUL-separated, 4 pages */
#define SERVER_HEAP_VA 0x40000000UL    /* heap_bytes of zeroed memory */

/* Byte rings (lib/server/bytering.h). Every server writes its log; fs and console share three more.
 * The console sees all of them at SERVER_BYTES_VA + i pages; another server sees its log at
 * BYTES_LOG and fs sees BYTES_IN, BYTES_OUT, BYTES_ERR at theirs. */
enum byte_ring {
    BYTES_IN = 0,  /* console writes, fs reads: terminal input or host stdin */
    BYTES_OUT = 1,
    BYTES_ERR = 2,
    BYTES_LOG = 3, /* console: BYTES_LOG + server_id */
    BYTES_COUNT = BYTES_LOG + SRV_COUNT
};

#define SERVER_DISKS 2

struct server_boot {
    uint64_t id;                 /* enum server_id */
    uint64_t epoch;              /* 1 at boot; +1 each time this server is replaced */
    uint64_t timebase_hz;
    uint64_t realtime_ns;        /* nanoseconds since 1970 when `time` was 0 */
    uint64_t seed[4];            /* fs: for random numbers; 0: the machine gave none */
    uint64_t replies;            /* reply objects from SLOT_REPLY on */
    uint64_t heap_bytes;
    uint64_t ram_pages;          /* of SLOT_RAM */
    uint64_t loader_frame, loader_pages; /* pager: frames in SLOT_RAM that hold the loader; never freed */
    uint64_t loader_entry;       /* va */
    uint64_t mem_bytes;          /* the machine's RAM */
    uint64_t boot_instret;       /* rdinstret at kernel entry */
    uint64_t exec_mode;          /* 1: framed console (lib/server/frame.h), run argv, shut down */
    uint64_t tty_rows, tty_cols; /* fs: of the terminal; 0: not known */
    uint64_t argv_bytes;         /* proc: bytes at SERVER_ARGV_VA, each argument with its NUL; 0: /bin/sh */
    uint64_t pool_slots;         /* POOL_SLOTS */
    struct {
        paddr_t base;            /* blk: physical address of frame 0 of enum blk_memory */
        uint64_t pages;
    } dma[4];
    struct {
        paddr_t queue_paddr;     /* blk: physical address of its virtqueue memory for disk i, */
        vaddr_t queue_va;        /* mapped there, queue_bytes long */
        uint64_t queue_bytes;
        uint64_t present;
    } disk[SERVER_DISKS];
    char policy[16];
    char cmdline[512];
};

#endif
