/* Who holds what: capabilities, rings, byte rings, devices; and the start of a server's thread. */
#include <servers/init/init.h>
#include <abi/layout.h>
#include <lib/sys/invoke.h>
#include <proto/blk.h>

#define RO PROT_R
#define RW (PROT_R | PROT_W)
#define PAGES(bytes) ((unsigned)(((bytes) + PAGE_MASK) >> PAGE_SHIFT))
#define DISK_QUEUE_PAGES 4u
#define DISK_QUEUE_VA(i) (SERVER_DEVICE_VA + 0x20000UL + (i) * DISK_QUEUE_PAGES * PAGE_SIZE)
#define ARGV_PAGES 4u

/* Servers with rings between them. */
static const struct {
    enum server_id a, b;
} pairs[] = {
    {SRV_INIT, SRV_CONSOLE}, {SRV_INIT, SRV_BLK},   {SRV_INIT, SRV_SWAP},  {SRV_INIT, SRV_FS},
    {SRV_INIT, SRV_PAGER},   {SRV_INIT, SRV_PROC},  {SRV_PROC, SRV_PAGER}, {SRV_PROC, SRV_FS},
    {SRV_PAGER, SRV_FS},     {SRV_PAGER, SRV_SWAP}, {SRV_SWAP, SRV_BLK},   {SRV_FS, SRV_BLK},
};

/* Map a page in the address space of `id`, if that server was loaded. */
static void map_page(struct init *init, enum server_id id, vaddr_t va, pfn_t page, unsigned prot)
{
    if (init->boot[id])
        space_map(init, SLOT_OF(id, OF_VSPACE), va, page, 1, prot);
}

/* `a` writes the page, `b` reads it. */
static void wire_ring(struct init *init, enum server_id a, enum server_id b)
{
    pfn_t page = frames_take_zeroed(init, 1);

    if (a == SRV_INIT)
        init->ring[b][0] = window_shared(init, page);
    if (b == SRV_INIT)
        init->ring[a][1] = window_shared(init, page);
    map_page(init, a, SERVER_RING_VA + b * 2 * PAGE_SIZE, page, RW);
    map_page(init, b, SERVER_RING_VA + (a * 2 + 1) * PAGE_SIZE, page, RO);
}

/* A byte ring's page at place `as` of server `id`. */
static void map_bytes(struct init *init, enum server_id id, pfn_t page, unsigned as)
{
    map_page(init, id, SERVER_BYTES_VA + as * PAGE_SIZE, page, RW);
}

static void wire_bytes(struct init *init)
{
    pfn_t first = frames_take_zeroed(init, BYTES_COUNT);

    for (unsigned i = 0; i < BYTES_COUNT; i++)
        map_bytes(init, SRV_CONSOLE, first + i, i);
    for (unsigned i = 0; i < BYTES_LOG; i++)
        map_bytes(init, SRV_FS, first + i, i);
    for (enum server_id id = SRV_INIT + 1; id < SRV_COUNT; id++)
        if (id != SRV_CONSOLE)
            map_bytes(init, id, first + BYTES_LOG + id, BYTES_LOG);
    log_attach(&init->log, window_shared(init, first + BYTES_LOG + SRV_INIT), "init");
}

void wire_rings(struct init *init)
{
    for (unsigned i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        enum server_id a = pairs[i].a, b = pairs[i].b;

        wire_ring(init, a, b);
        wire_ring(init, b, a);
    }
    wire_bytes(init);
}

/* --- capabilities ------------------------------------------------------------------------------ */

static void give(enum server_id id, slot_t dst, slot_t src, unsigned rights, unsigned count)
{
    must(cspace_copy(SLOT_OF(id, OF_CSPACE), dst, src, rights, count), "giving a capability");
}

/* A capability to signal `to`, with the bit of `from`, in slot dst of `cspace`. */
static void mint_signal(slot_t cspace, slot_t dst, slot_t notification, badge_t bit)
{
    must(cspace_mint(cspace, dst, notification, RIGHT_WRITE, bit), "giving a notification");
}

static void give_signal(enum server_id from, enum server_id to)
{
    mint_signal(SLOT_OF(from, OF_CSPACE), SLOT_PEER + to,
                to == SRV_INIT ? INIT_NOTIFICATION : SLOT_OF(to, OF_NOTIFICATION),
                NOTIFY_PEER(from));
}

/* Everybody may wake everybody: a signal says no more than "look". */
static void give_signals(enum server_id id)
{
    for (enum server_id to = SRV_INIT; to < SRV_COUNT; to++)
        if (to != id)
            give_signal(id, to);
    mint_signal(ROOT_CSPACE, INIT_PEER + id, SLOT_OF(id, OF_NOTIFICATION), NOTIFY_PEER(SRV_INIT));
}

static void give_timer(enum server_id id)
{
    mint_signal(ROOT_CSPACE, INIT_SCRATCH, SLOT_OF(id, OF_NOTIFICATION), NOTIFY_TIMER);
    must(timer_bind(SLOT_OF(id, OF_TIMER), INIT_SCRATCH), "binding a timer");
    cspace_delete(ROOT_CSPACE, INIT_SCRATCH, 1);
    give(id, SLOT_TIMER, SLOT_OF(id, OF_TIMER), RIGHT_ALL, 1);
}

static void give_irq(enum server_id id, unsigned i, uint32_t source)
{
    slot_t irq = SLOT_OF(id, OF_IRQ + i);

    must(irq_make(ROOT_IRQ_CONTROL, source, irq), "making an interrupt");
    mint_signal(ROOT_CSPACE, INIT_SCRATCH, SLOT_OF(id, OF_NOTIFICATION), NOTIFY_IRQ << i);
    must(irq_bind(irq, INIT_SCRATCH), "binding an interrupt");
    cspace_delete(ROOT_CSPACE, INIT_SCRATCH, 1);
    give(id, SLOT_IRQ + i, irq, RIGHT_ALL, 1);
}

/* --- devices ------------------------------------------------------------------------------------- */

static void map_device(struct init *init, enum server_id id, unsigned at, paddr_t base)
{
    struct frame frame = {ROOT_DEVICES, (pfn_t)(base >> PAGE_SHIFT)};

    item_add(init, item_map(SLOT_OF(id, OF_VSPACE), SERVER_DEVICE_VA + at * PAGE_SIZE, frame, RW, 1));
}

static void wire_console(struct init *init)
{
    const struct fdt_device *uart = fdt_device(&init->devices, FDT_UART, 0);

    if (!uart)
        die("no UART in the device tree");
    map_device(init, SRV_CONSOLE, 0, uart->base);
    give_irq(SRV_CONSOLE, 0, uart->irq);
}

static void wire_disk(struct init *init, unsigned i)
{
    const struct fdt_device *d = fdt_device(&init->devices, FDT_VIRTIO, i);
    struct server_boot *boot = init->boot[SRV_BLK];
    pfn_t queue;

    if (!init->sectors[i])
        return;
    queue = frames_take_zeroed(init, DISK_QUEUE_PAGES);
    space_map(init, SLOT_OF(SRV_BLK, OF_VSPACE), DISK_QUEUE_VA(i), queue, DISK_QUEUE_PAGES, RW);
    map_device(init, SRV_BLK, i, d->base);
    give_irq(SRV_BLK, i, d->irq);
    boot->disk[i].queue_paddr = init->memory_base + queue * PAGE_SIZE;
    boot->disk[i].queue_va = DISK_QUEUE_VA(i);
    boot->disk[i].queue_bytes = DISK_QUEUE_PAGES * PAGE_SIZE;
    boot->disk[i].present = 1;
}

static void wire_argv(struct init *init)
{
    pfn_t pages = frames_take_zeroed(init, ARGV_PAGES);
    struct cpio_entry argv;

    space_map(init, SLOT_OF(SRV_PROC, OF_VSPACE), SERVER_ARGV_VA, pages, ARGV_PAGES, RO);
    if (!archive_find(init, "argv", &argv))
        return;
    if (argv.bytes > ARGV_PAGES * PAGE_SIZE)
        die("argv in the boot archive is longer than %lu bytes", ARGV_PAGES * PAGE_SIZE);
    copy_from_archive(init, (struct frame){INIT_MEMORY, pages}, argv.data, argv.bytes);
    init->boot[SRV_PROC]->argv_bytes = argv.bytes;
}

static void give_pools(enum server_id id)
{
    bool is_proc = id == SRV_PROC;

    give(id, SLOT_POOL_TCB, INIT_POOL_TCB, is_proc ? RIGHT_ALL : RIGHT_MESSAGE, POOL_SLOTS);
    give(id, SLOT_POOL_VSPACE, INIT_POOL_VSPACE, RIGHT_ALL, POOL_SLOTS);
    if (!is_proc)
        return;
    give(id, SLOT_POOL_CSPACE, INIT_POOL_CSPACE, RIGHT_ALL, POOL_SLOTS);
    give(id, SLOT_SERVICE_FS, SLOT_OF(SRV_FS, OF_ENDPOINT), RIGHT_WRITE, 1);
    give(id, SLOT_SERVICE_PAGER, SLOT_OF(SRV_PAGER, OF_ENDPOINT), RIGHT_WRITE | RIGHT_MAP, 1);
    give(id, SLOT_SERVICE_PROC, SLOT_OF(SRV_PROC, OF_ENDPOINT), RIGHT_WRITE, 1);
}

static void wire_special(struct init *init, enum server_id id)
{
    switch (id) {
    case SRV_CONSOLE:
        wire_console(init);
        break;
    case SRV_BLK:
        for (unsigned i = 0; i < SERVER_DISKS; i++)
            wire_disk(init, i);
        break;
    case SRV_PROC:
        wire_argv(init);
        give_pools(id);
        break;
    case SRV_PAGER:
        give_pools(id);
        must(cspace_move(SLOT_OF(id, OF_CSPACE), SLOT_UNTYPED, SLOT_OF(id, OF_UNTYPED)),
             "giving memory for objects");
        break;
    case SRV_INIT:
    case SRV_SWAP:
    case SRV_FS:
    case SRV_COUNT:
        break;
    }
}

void wire_capabilities(struct init *init, enum server_id id)
{
    give(id, SLOT_CSPACE, SLOT_OF(id, OF_CSPACE), RIGHT_ALL, 1);
    give(id, SLOT_VSPACE, SLOT_OF(id, OF_VSPACE), RIGHT_ALL, 1);
    give(id, SLOT_TCB, SLOT_OF(id, OF_TCB), RIGHT_ALL, 1);
    give(id, SLOT_ENDPOINT, SLOT_OF(id, OF_ENDPOINT), RIGHT_READ, 1);
    give(id, SLOT_NOTIFICATION, SLOT_OF(id, OF_NOTIFICATION), RIGHT_READ | RIGHT_WRITE, 1);
    give_signals(id);
    give_timer(id);
    wire_special(init, id);
}

/* --- the pager's RAM ----------------------------------------------------------------------------- */

static void place_loader(struct init *init)
{
    struct server_boot *boot = init->boot[SRV_PAGER];
    struct cpio_entry loader;
    unsigned npages;

    if (!archive_find(init, "loader", &loader))
        die("no \"loader\" in the boot archive");
    npages = PAGES(loader.bytes);
    for (unsigned i = 0; i < npages; i++)
        item_add(init, item_clear((struct frame){INIT_RAM, i}, 0, PAGE_SIZE));
    copy_from_archive(init, (struct frame){INIT_RAM, 0}, loader.data, loader.bytes);
    boot->loader_frame = 0;
    boot->loader_pages = npages;
    boot->loader_entry = LOADER_BASE;
}

static void tell_dma(struct server_boot *blk, enum blk_memory memory, paddr_t base, uint64_t pages)
{
    blk->dma[memory].base = base;
    blk->dma[memory].pages = pages;
}

void wire_pager(struct init *init)
{
    struct page_range ram = {init->next_frame, init->memory_pages - init->next_frame};
    struct server_boot *blk = init->boot[SRV_BLK];

    must(cspace_mint_region(ROOT_CSPACE, INIT_RAM, INIT_MEMORY, RIGHT_ALL, ram),
         "giving the pager its memory");
    init->next_frame = init->memory_pages;
    give(SRV_PAGER, SLOT_RAM, INIT_RAM, RIGHT_ALL, 1);
    init->boot[SRV_PAGER]->ram_pages = ram.npages;
    place_loader(init);
    if (!blk)
        return;
    tell_dma(blk, BLK_MEM_PAGER, init->memory_base + ram.first * PAGE_SIZE, ram.npages);
    if (init->boot[SRV_FS])
        tell_dma(blk, BLK_MEM_FS, init->memory_base + init->heap[SRV_FS] * PAGE_SIZE,
                 PAGES(init->boot[SRV_FS]->heap_bytes));
}

void server_start(struct init *init, enum server_id id)
{
    slot_t tcb = SLOT_OF(id, OF_TCB);
    struct tcb_config config = {SLOT_OF(id, OF_CSPACE), SLOT_OF(id, OF_VSPACE), INIT_SCRATCH,
                                server_info[id].priority};
    struct tcb_start start = {init->entry[id], SERVER_STACK_TOP, SERVER_BOOT_VA, 0};

    must(cspace_mint(ROOT_CSPACE, INIT_SCRATCH, INIT_ENDPOINT, RIGHT_WRITE, id), "fault endpoint");
    must(tcb_configure(tcb, config), "configuring a server's thread");
    cspace_delete(ROOT_CSPACE, INIT_SCRATCH, 1);
    must(tcb_set_message(tcb, INIT_MEMORY, init->message[id]), "binding a message page");
    must(tcb_bind(tcb, SLOT_OF(id, OF_NOTIFICATION)), "binding a notification");
    must(tcb_write_regs(tcb, start), "starting a server");
    must(tcb_resume(tcb), "starting a server");
}
