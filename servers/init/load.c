/* Files of the boot archive, and servers made from them: page tables, segments, stack, heap. */
#include <servers/init/init.h>
#include <servers/init/sizes.h>
#include <lib/elf/elf.h>
#include <string.h>

#define RO PROT_R
#define RW (PROT_R | PROT_W)
#define RX (PROT_R | PROT_X)
#define PAGES(bytes) ((unsigned)(((bytes) + PAGE_MASK) >> PAGE_SHIFT))

bool archive_find(const struct init *init, const char *name, struct cpio_entry *out)
{
    const uint8_t *archive = (const uint8_t *)WINDOW_ARCHIVE;
    uint64_t bytes = init->info->initrd_bytes, at = 0;
    int rc;

    while ((rc = cpio_read(archive + at, bytes - at, at, bytes, out)) == 0) {
        if (strcmp(out->name, name) == 0)
            return true;
        at = out->next < bytes ? out->next : bytes;
    }
    if (rc == ERR_CORRUPT)
        die("the boot archive is corrupt at byte %lu", (unsigned long)at);
    return false;
}

/* Copy a run of the archive to the start of page `to`; it may lie across pages on both sides. */
static void copy_run(struct init *init, struct frame to, unsigned to_offset, uint64_t offset,
                     uint64_t bytes)
{
    while (bytes > 0) {
        struct frame from = {ROOT_INITRD, (pfn_t)(offset >> PAGE_SHIFT)};
        unsigned from_offset = offset & PAGE_MASK;
        uint64_t n = PAGE_SIZE - (from_offset > to_offset ? from_offset : to_offset);

        n = n < bytes ? n : bytes;
        item_add(init, item_copy(to, to_offset, from, from_offset, (unsigned)(n & PAGE_MASK)));
        bytes -= n;
        offset += n;
        to.index += (to_offset + n) >> PAGE_SHIFT;
        to_offset = (to_offset + n) & PAGE_MASK;
    }
}

void copy_from_archive(struct init *init, struct frame to, uint64_t offset, uint64_t bytes)
{
    copy_run(init, to, 0, offset, bytes);
}

/* Can the archive's own pages serve as the segment? Nobody writes to either. What follows in the last
 * page is the rest of the file. */
static bool is_mappable(uint64_t file, const struct elf_segment *s)
{
    return !(s->flags & ELF_W) && s->file_bytes == s->mem_bytes &&
           ((file + s->offset - s->va) & PAGE_MASK) == 0;
}

static void map_from_archive(struct init *init, slot_t vspace, uint64_t file,
                             const struct elf_segment *s)
{
    struct frame frame = {ROOT_INITRD, (pfn_t)((file + s->offset) >> PAGE_SHIFT)};
    vaddr_t first = s->va & ~PAGE_MASK;

    item_add(init, item_map(vspace, first, frame, s->flags & ELF_X ? RX : RO,
                            PAGES(s->va - first + s->mem_bytes)));
}

/* One segment with pages of its own: its file part copied, the rest zero. */
static void copy_segment(struct init *init, slot_t vspace, uint64_t file,
                         const struct elf_segment *s)
{
    vaddr_t first = s->va & ~PAGE_MASK;
    unsigned npages = PAGES(s->va - first + s->mem_bytes);
    unsigned offset = s->va & PAGE_MASK;
    struct frame frame = {INIT_MEMORY, frames_take(init, npages)};

    for (unsigned i = (unsigned)((offset + s->file_bytes) >> PAGE_SHIFT); i < npages; i++)
        item_add(init, item_clear((struct frame){INIT_MEMORY, frame.index + i}, 0, PAGE_SIZE));
    if (offset)
        item_add(init, item_clear(frame, 0, offset));
    copy_run(init, frame, offset, file + s->offset, s->file_bytes);
    space_map(init, vspace, first, frame.index, npages,
              s->flags & ELF_W ? RW : s->flags & ELF_X ? RX : RO);
}

static void load_segment(struct init *init, slot_t vspace, uint64_t file,
                         const struct elf_segment *s)
{
    if (is_mappable(file, s))
        map_from_archive(init, vspace, file, s);
    else
        copy_segment(init, vspace, file, s);
}

static void map_zeroed(struct init *init, slot_t vspace, vaddr_t va, unsigned npages)
{
    space_map(init, vspace, va, frames_take_zeroed(init, npages), npages, RW);
}

/* What every server has: tables, stack, boot page, message page, heap. */
static void make_common(struct init *init, enum server_id id, unsigned nheap)
{
    slot_t vspace = SLOT_OF(id, OF_VSPACE);
    pfn_t boot = frames_take_zeroed(init, 2); /* the boot page, then the message page */

    space_tables(init, vspace, SERVER_STACK_TOP, PAGE_SIZE);
    map_zeroed(init, vspace, SERVER_STACK_TOP - SERVER_STACK_BYTES, PAGES(SERVER_STACK_BYTES));
    space_map(init, vspace, SERVER_BOOT_VA, boot, 1, RO);
    space_map(init, vspace, SERVER_MSGPAGE_VA, boot + 1, 1, RW);
    init->boot[id] = window_shared(init, boot);
    init->message[id] = boot + 1;
    init->heap[id] = frames_take_zeroed(init, nheap);
    if (nheap) {
        item_add(init, item_donate(vspace, SERVER_HEAP_VA, 1,
                                   (struct frame){INIT_MEMORY, frames_take(init, 1)}));
        space_tables(init, vspace, SERVER_HEAP_VA, nheap * PAGE_SIZE);
        space_map(init, vspace, SERVER_HEAP_VA, init->heap[id], nheap, RW);
    }
}

static void fill_boot(struct init *init, enum server_id id, unsigned nheap)
{
    struct server_boot *boot = init->boot[id];

    boot->id = id;
    boot->epoch = 1;
    boot->timebase_hz = init->info->timebase_hz;
    boot->realtime_ns = init->realtime_ns;
    if (id == SRV_FS)
        memcpy(boot->seed, init->devices.seed, sizeof boot->seed);
    boot->replies = server_info[id].replies;
    boot->heap_bytes = nheap * PAGE_SIZE;
    boot->mem_bytes = init->info->ram_bytes;
    boot->boot_instret = init->info->boot_instret;
    boot->exec_mode = init->conf.is_exec;
    boot->tty_rows = init->conf.rows;
    boot->tty_cols = init->conf.cols;
    boot->pool_slots = POOL_SLOTS;
    memcpy(boot->policy, init->conf.policy, sizeof boot->policy);
    memcpy(boot->cmdline, init->info->cmdline, sizeof boot->cmdline);
}

bool server_load(struct init *init, enum server_id id)
{
    slot_t vspace = SLOT_OF(id, OF_VSPACE);
    unsigned nheap = heap_pages(id, init->info->ram_bytes, init->sectors[1]);
    struct elf_image image;
    struct cpio_entry file;

    if (!archive_find(init, server_info[id].name, &file))
        return false;
    if (elf_check((const uint8_t *)WINDOW_ARCHIVE + file.data, file.bytes, file.bytes, &image) < 0)
        die("%s: %s", file.name, image.reason);
    item_add(init, item_donate(vspace, 0, 2, (struct frame){INIT_MEMORY, frames_take(init, 1)}));
    item_add(init, item_donate(vspace, 0, 1, (struct frame){INIT_MEMORY, frames_take(init, 1)}));
    space_tables(init, vspace, image.segment[0].va, image.end - image.segment[0].va);
    for (unsigned i = 0; i < image.nsegments; i++)
        load_segment(init, vspace, file.data, &image.segment[i]);
    make_common(init, id, nheap);
    fill_boot(init, id, nheap);
    init->entry[id] = image.entry;
    return true;
}
