/* Building the root program: its address space by the same operations that users have (with frames
 * outside of every region), its thread, its first capabilities. */
#include "microkernel/kernel/root.h"

#include <abi/layout.h>
#include <string.h>
#include "microkernel/kernel/cpu.h"
#include "microkernel/object/cspace.h"
#include "microkernel/object/vspace.h"

#define STACK_PAGES 16u
#define ROOT_PRIORITY 12
#define DTB_VA (LOADER_BASE + PAGE_SIZE)
#define DTB_PAGES_MAX 24u

void *boot_alloc(struct boot_memory *m, uint64_t bytes)
{
    paddr_t at = (m->next + PAGE_MASK) & ~PAGE_MASK;
    if (at + bytes > m->end)
        arch_panic("out of memory at boot");
    m->next = at + ((bytes + PAGE_MASK) & ~PAGE_MASK);
    memset(phys_ptr(at), 0, bytes);
    return phys_ptr(at);
}

void boot_frames(struct boot_memory *m, paddr_t ram_base, uint64_t ram_bytes)
{
    frames.first = ram_base >> PAGE_SHIFT;
    frames.count = ram_bytes >> PAGE_SHIFT;
    frames.words = boot_alloc(m, frames.count * sizeof(uint32_t));
}

/* A region that covers all RAM: for the kernel only, while it boots. */
static struct cap all_ram(void)
{
    return (struct cap){.type = OBJ_REGION, .rights = RIGHT_ALL, .pfn = frames.first,
                        .npages = frames.count};
}

static uint64_t frame_index(const void *page)
{
    return (ptr_phys(page) >> PAGE_SHIFT) - frames.first;
}

static void must(int error)
{
    if (error)
        arch_panic("the root program does not fit");
}

static void donate(struct boot_memory *m, struct vspace *v, vaddr_t va, uint32_t level)
{
    struct cap ram = all_ram();
    must(vspace_donate(v, va, level, &ram, frame_index(boot_alloc(m, PAGE_SIZE))));
}

static void need_tables(struct boot_memory *m, struct vspace *v, vaddr_t va)
{
    if (!v->root)
        donate(m, v, 0, 2);
    if (!v->root[level_index(va, 2)])
        donate(m, v, va, 1);
    if (!vspace_leaf_table(v, va))
        donate(m, v, va, 0);
}

static void map(struct boot_memory *m, struct vspace *v, vaddr_t va, const void *page, pte_t rights)
{
    struct cap ram = all_ram();
    need_tables(m, v, va);
    must(vspace_map(v, va, &ram, frame_index(page), rights));
}

static void map_program(struct boot_memory *m, struct vspace *v, const struct root_header *h)
{
    const char *image = (const char *)h;
    uint64_t in_file = (h->file_size + PAGE_MASK) & ~PAGE_MASK;
    for (vaddr_t va = ROOT_BASE; va < h->bss_end; va += PAGE_SIZE) {
        uint64_t offset = va - ROOT_BASE;
        const void *page = offset < in_file ? image + offset : boot_alloc(m, PAGE_SIZE);
        map(m, v, va, page, va < h->text_end ? PTE_R | PTE_X : PTE_R | PTE_W);
    }
}

/* What the file holds behind its data is padding; bss is zero. */
static void clear_padding(struct root_header *h)
{
    uint64_t in_file = (h->file_size + PAGE_MASK) & ~PAGE_MASK;
    memset((char *)h + h->file_size, 0, in_file - h->file_size);
}

static void check_header(const struct root_header *h, uint64_t image_bytes)
{
    if (image_bytes < sizeof *h || h->magic != ROOT_MAGIC)
        arch_panic("the initrd does not start with a root program");
    if (h->file_size < sizeof *h || h->file_size > image_bytes || (h->text_end & PAGE_MASK) ||
        h->bss_end < ROOT_BASE + h->file_size || h->bss_end > STACK_TOP - STACK_BYTES)
        arch_panic("the root program's header is wrong");
}

static struct tcb *make_thread(struct boot_memory *m, struct cspace **cs_out, struct vspace **v_out)
{
    uint64_t cs_bytes = sizeof(struct cspace) + ROOT_CSPACE_SLOTS * sizeof(struct cap);
    struct cspace *cs = boot_alloc(m, cs_bytes);
    struct tcb *t = boot_alloc(m, PAGE_SIZE);
    struct vspace *v = (struct vspace *)((char *)t + PAGE_SIZE - sizeof *v);
    cs->nslots = ROOT_CSPACE_SLOTS;
    tcb_init(t);
    t->priority = ROOT_PRIORITY;
    cap_insert_object(&cs->slots[ROOT_CSPACE], OBJ_CSPACE, cs, NULL);
    cap_insert_object(&cs->slots[ROOT_VSPACE], OBJ_VSPACE, v, NULL);
    cap_insert_object(&cs->slots[ROOT_TCB], OBJ_TCB, t, NULL);
    cap_derive(&t->cspace_cap, &cs->slots[ROOT_CSPACE], RIGHT_ALL, 0);
    cap_derive(&t->vspace_cap, &cs->slots[ROOT_VSPACE], RIGHT_ALL, 0);
    tcb_cap_set(&t->cspace_cap);
    tcb_cap_set(&t->vspace_cap);
    *cs_out = cs;
    *v_out = v;
    return t;
}

static void make_memory_caps(struct cspace *cs, struct boot_memory *m, paddr_t archive,
                             struct bootinfo *info)
{
    struct cap c = {.type = OBJ_UNTYPED, .rights = RIGHT_ALL};
    paddr_t free = (m->next + PAGE_MASK) & ~PAGE_MASK;
    c.pointer = phys_ptr(free);
    c.size = (m->end - free) & ~PAGE_MASK;
    info->untyped_bytes = c.size;
    cap_insert(&cs->slots[ROOT_UNTYPED], &c, NULL);
    c = (struct cap){.type = OBJ_REGION, .rights = RIGHT_ALL, .pfn = archive >> PAGE_SHIFT,
                     .npages = (info->initrd_bytes + PAGE_MASK) >> PAGE_SHIFT};
    if (c.npages)
        cap_insert(&cs->slots[ROOT_INITRD], &c, NULL);
    c = (struct cap){.type = OBJ_REGION, .rights = RIGHT_ALL, .device = 1,
                     .npages = info->ram_base >> PAGE_SHIFT};
    cap_insert(&cs->slots[ROOT_DEVICES], &c, NULL);
    cap_insert_object(&cs->slots[ROOT_IRQ_CONTROL], OBJ_IRQ_CONTROL, NULL, NULL);
}

static void map_stack(struct boot_memory *m, struct vspace *v)
{
    for (uint32_t i = 1; i <= STACK_PAGES; i++)
        map(m, v, STACK_TOP - i * PAGE_SIZE, boot_alloc(m, PAGE_SIZE), PTE_R | PTE_W);
}

static void map_dtb(struct boot_memory *m, struct vspace *v, paddr_t dtb, struct bootinfo *info)
{
    uint64_t pages = (info->dtb_bytes + PAGE_MASK) >> PAGE_SHIFT;
    if (pages > DTB_PAGES_MAX)
        arch_panic("the device tree is too large");
    for (uint64_t i = 0; i < pages; i++)
        map(m, v, DTB_VA + i * PAGE_SIZE, (char *)phys_ptr(dtb) + i * PAGE_SIZE, PTE_R);
    info->dtb_va = DTB_VA;
}

struct tcb *root_create(struct boot_memory *m, paddr_t image, uint64_t image_bytes, paddr_t dtb,
                        struct bootinfo *info)
{
    struct root_header *h = phys_ptr(image);
    struct cspace *cs;
    struct vspace *v;
    check_header(h, image_bytes);
    struct tcb *t = make_thread(m, &cs, &v);
    uint64_t program = (h->file_size + PAGE_MASK) & ~PAGE_MASK;
    clear_padding(h);
    map_program(m, v, h);
    map_stack(m, v);
    map_dtb(m, v, dtb, info);
    struct bootinfo *page = boot_alloc(m, PAGE_SIZE);
    map(m, v, LOADER_BASE, page, PTE_R);
    t->msg = boot_alloc(m, PAGE_SIZE);
    *table_word(t->msg) += FRAME_MESSAGE;
    map(m, v, MSGPAGE_VA, t->msg, PTE_R | PTE_W);
    info->msgpage_va = MSGPAGE_VA;
    info->initrd_bytes = image_bytes > program ? image_bytes - program : 0;
    make_memory_caps(cs, m, image + program, info);
    *page = *info;
    t->regs[REG_PC] = h->entry;
    t->regs[REG_SP] = STACK_TOP;
    t->regs[REG_A0] = LOADER_BASE;
    cpu_wake(t);
    return t;
}
