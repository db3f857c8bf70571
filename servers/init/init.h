/* init, the root task: makes every object that the system lives on, loads the servers, hands each its
 * capabilities, waits until all are ready, and later takes the system down in order. It keeps all
 * parent capabilities. Everything here belongs to the one struct init.
 *
 * Memory: objects come from the kernel's untyped first; what remains becomes one region, of which
 * init takes frames from the front for servers and itself; the rest, minted as a smaller region, is
 * the pager's.
 */
#ifndef SERVERS_INIT_INIT_H
#define SERVERS_INIT_INIT_H

#include <stdbool.h>
#include <abi/bootinfo.h>
#include <lib/cpio/cpio.h>
#include <lib/fdt/fdt.h>
#include <lib/server/boot.h>
#include <lib/server/log.h>
#include <lib/server/peer.h>
#include <lib/sys/item.h>
#include <servers/init/conf.h>
#include <servers/init/shutdown.h>

/* Slots of init's CSpace beyond root_slot. */
enum init_slot {
    INIT_REPLY = 16,
    INIT_ENDPOINT = 17,     /* faults of servers arrive here, badge = server_id */
    INIT_NOTIFICATION = 18, /* bound to init */
    INIT_TIMER = 19,
    INIT_TABLES = 20,       /* region: page tables of init's own window */
    INIT_MEMORY = 21,       /* region: all RAM that is left */
    INIT_RAM = 22,          /* region: the pager's part of it */
    INIT_SCRATCH = 23,      /* a capability on its way; empty between uses */
    INIT_PEER = 32,         /* + server_id: signal that server */
    INIT_SERVER = 64,       /* + server_id * INIT_SERVER_SLOTS + enum init_server_slot */
    INIT_POOL_TCB = 1024,
    INIT_POOL_VSPACE = 1536,
    INIT_POOL_CSPACE = 2048,
};
enum init_server_slot {
    OF_CSPACE, OF_VSPACE, OF_TCB, OF_ENDPOINT, OF_NOTIFICATION, OF_TIMER, OF_UNTYPED,
    OF_IRQ, /* two of them */
    INIT_SERVER_SLOTS = 16
};
#define SLOT_OF(id, what) (INIT_SERVER + (id)*INIT_SERVER_SLOTS + (what))

#define INIT_REQUESTS 4u /* to one server at a time */

/* init's own window, all in one gigabyte: devices and pages shared with servers, then the archive. */
#define WINDOW_VA 0x80000000UL
#define WINDOW_DEVICE (WINDOW_VA)             /* + i pages: enum window_device */
#define WINDOW_SHARED (WINDOW_VA + 0x100000)  /* + pages, handed out by window_shared() */
#define WINDOW_ARCHIVE (WINDOW_VA + 0x200000)
enum window_device { WINDOW_UART, WINDOW_POWER, WINDOW_RTC, WINDOW_DISK };

/* Exit codes of the machine when something failed (faultline shows them as 125). */
enum stop_code { STOP_BOOT = 1, STOP_SERVER = 2, STOP_SHUTDOWN = 3 };

struct server_info {
    const char *name;
    unsigned priority;
    unsigned replies;
    bool has_untyped;
};
extern const struct server_info server_info[SRV_COUNT];

struct init {
    const struct bootinfo *info;
    struct fdt_devices devices;
    struct conf conf;
    struct msgpage *msg;
    unsigned nitems;       /* gathered in msg, not yet performed */
    pfn_t next_frame;      /* of INIT_MEMORY */
    pfn_t memory_pages;
    unsigned nshared;      /* pages of the window used */
    paddr_t memory_base;
    uint64_t realtime_ns;
    struct server_boot *boot[SRV_COUNT]; /* as init sees them */
    vaddr_t entry[SRV_COUNT];
    pfn_t message[SRV_COUNT]; /* frames of their message pages, */
    pfn_t heap[SRV_COUNT];    /* and the first of their heaps, in INIT_MEMORY */
    uint64_t sectors[SERVER_DISKS]; /* 0: no such disk */
    struct ring_page *ring[SRV_COUNT][2]; /* init's rings: [0] we write */
    struct log log;
    struct peer peer[SRV_COUNT];
    struct peer_pending pending[SRV_COUNT][INIT_REQUESTS];
    bool any_due;
    uint32_t started;      /* bit per server */
    uint32_t ready;
    uint32_t dead;
    bool is_up;            /* all ready, first process started */
    struct shutdown shutdown;
};

/* --- early.c: output before the console lives, and the end of the machine ----------------------- */

void early_start(struct init *init);
void vsay(const char *format, va_list args);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void machine_stop(unsigned code) __attribute__((noreturn)); /* 0: power off, all well */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Ends the boot if rc is an error: `what` was being done. */
void must(int rc, const char *what);

/* --- space.c: frames and address spaces -------------------------------------------------------- */

/* Add an item to those to be performed; full, they are performed. space_flush() does the rest. */
void item_add(struct init *init, struct item item);
void items_flush(struct init *init);

/* npages frames of INIT_MEMORY in a row; the second form zeroes them. */
pfn_t frames_take(struct init *init, unsigned npages);
pfn_t frames_take_zeroed(struct init *init, unsigned npages);

/* Make the tables for [va, va + bytes) of the VSpace, which has none there yet. */
void space_tables(struct init *init, slot_t vspace, vaddr_t va, uint64_t bytes);
void space_map(struct init *init, slot_t vspace, vaddr_t va, pfn_t frame, unsigned npages,
               unsigned prot);

/* Make a frame visible to init too, writable. => where. */
void *window_shared(struct init *init, pfn_t frame);

/* A device page at the window. => where. */
volatile void *window_device(enum window_device at, paddr_t base);

/* --- the boot, in this order --------------------------------------------------------------------- */

void objects_make(struct init *init);                          /* objects.c */
void memory_make(struct init *init);                           /* objects.c */
void machine_probe(struct init *init);                         /* probe.c: clock, disks */
bool server_load(struct init *init, enum server_id id);        /* load.c; false: not in archive */
void wire_rings(struct init *init);                            /* wire.c */
void wire_capabilities(struct init *init, enum server_id id);  /* wire.c */
void wire_pager(struct init *init);                            /* wire.c: RAM, loader, DMA */
bool archive_find(const struct init *init, const char *name, struct cpio_entry *out); /* load.c */
void copy_from_archive(struct init *init, struct frame to, uint64_t offset, uint64_t bytes);
void server_start(struct init *init, enum server_id id);       /* wire.c */
void run(struct init *init) __attribute__((noreturn));         /* run.c */

#endif
