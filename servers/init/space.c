/* Frames from init's memory, page tables and mappings, all as items gathered sixteen at a time. */
#include <servers/init/init.h>
#include <lib/sys/syscall.h>

#define CLEAR_PAGE PAGE_SIZE

void items_flush(struct init *init)
{
    unsigned n = init->nitems, failed = 0;
    int rc;

    init->nitems = 0;
    if (n == 0)
        return;
    rc = n == 1 ? sys_item(&init->msg->items[0]) : sys_items(n, &failed);
    if (rc < 0)
        die("item %u of %u failed: operation %u, error %d", failed, n,
            ITEM_OP(init->msg->items[failed].w0), rc);
}

void item_add(struct init *init, struct item item)
{
    init->msg->items[init->nitems++] = item;
    if (init->nitems == MSG_ITEMS)
        items_flush(init);
}

pfn_t frames_take(struct init *init, unsigned npages)
{
    pfn_t first = init->next_frame;

    if (npages > init->memory_pages - init->next_frame)
        die("not enough memory for the servers");
    init->next_frame += npages;
    return first;
}

pfn_t frames_take_zeroed(struct init *init, unsigned npages)
{
    pfn_t first = frames_take(init, npages);

    for (pfn_t i = 0; i < npages; i++)
        item_add(init, item_clear((struct frame){INIT_MEMORY, first + i}, 0, CLEAR_PAGE));
    return first;
}

static void donate(struct init *init, slot_t vspace, vaddr_t va, unsigned level)
{
    struct frame frame = {INIT_MEMORY, frames_take(init, 1)};

    item_add(init, item_donate(vspace, va, level, frame));
}

#define SPAN(level) (PAGE_SIZE << (9 * ((level) + 1)))

void space_tables(struct init *init, slot_t vspace, vaddr_t va, uint64_t bytes)
{
    for (vaddr_t at = va & ~(SPAN(0) - 1); at < va + bytes; at += SPAN(0))
        donate(init, vspace, at, 0);
}

void space_map(struct init *init, slot_t vspace, vaddr_t va, pfn_t frame, unsigned npages,
               unsigned prot)
{
    if (npages)
        item_add(init, item_map(vspace, va, (struct frame){INIT_MEMORY, frame}, prot, npages));
}

void *window_shared(struct init *init, pfn_t frame)
{
    vaddr_t va = WINDOW_SHARED + init->nshared++ * PAGE_SIZE;

    space_map(init, ROOT_VSPACE, va, frame, 1, PROT_R | PROT_W);
    items_flush(init);
    return (void *)va;
}
