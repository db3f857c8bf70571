/* Device tree (Devicetree Specification, "Flattened Devicetree (DTB) Format"): one walk over all
 * properties, each matched against its node's name. Two cells for addresses and sizes, as QEMU's
 * `virt` machine has it. The firmware hands it over, so its structure is trusted. */
#include "microkernel/arch/riscv/fdt.h"

#include "microkernel/arch/arch.h"
#include <string.h>

#define FDT_MAGIC 0xd00dfeed
#define FDT_BEGIN_NODE 1u
#define FDT_END_NODE 2u
#define FDT_PROP 3u
#define FDT_NOP 4u
#define IRQ_S_EXTERNAL 9u
#define MAX_DEPTH 16

struct property {
    const char *node, *parent, *name;
    const uint32_t *data;
    uint32_t len;
};

struct reading {
    struct machine *m;
    uint64_t boot_hart;
    uint64_t hart;        /* of the cpu node that the walk is in */
    uint32_t boot_intc;   /* phandle of the boot hart's interrupt controller */
    const uint32_t *plic_contexts; /* pairs: phandle, interrupt */
    uint32_t plic_contexts_len;
};

static uint32_t be32(const uint32_t *p)
{
    return __builtin_bswap32(*p);
}

static uint64_t be64(const uint32_t *p)
{
    return (uint64_t)be32(p) << 32 | be32(p + 1);
}

static uint64_t number(const struct property *p)
{
    return p->len == 8 ? be64(p->data) : p->len == 4 ? be32(p->data) : 0;
}

static bool equal(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

/* The node's name up to its unit address is `name`. */
static bool is_node(const char *node, const char *name)
{
    while (*name && *node == *name)
        node++, name++;
    return !*name && (!*node || *node == '@');
}

static void copy_cmdline(struct machine *m, const struct property *p)
{
    uint32_t n = p->len < sizeof m->cmdline ? p->len : sizeof m->cmdline - 1;
    memcpy(m->cmdline, p->data, n);
    m->cmdline[n] = 0;
}

static void read_chosen(struct reading *r, const struct property *p)
{
    if (equal(p->name, "linux,initrd-start"))
        r->m->initrd_start = number(p);
    else if (equal(p->name, "linux,initrd-end"))
        r->m->initrd_end = number(p);
    else if (equal(p->name, "bootargs"))
        copy_cmdline(r->m, p);
}

static void read_range(const struct property *p, paddr_t *base, uint64_t *bytes)
{
    if (!equal(p->name, "reg") || p->len < 16)
        return;
    *base = be64(p->data);
    *bytes = be64(p->data + 2);
}

static void read_cpu(struct reading *r, const struct property *p)
{
    if (!equal(p->name, "reg"))
        return;
    r->hart = number(p);
    r->m->nharts++;
}

static void read_plic(struct reading *r, const struct property *p)
{
    read_range(p, &r->m->plic_base, &r->m->plic_bytes);
    if (!equal(p->name, "interrupts-extended"))
        return;
    r->plic_contexts = p->data;
    r->plic_contexts_len = p->len / 4;
}

static void read_property(struct reading *r, const struct property *p)
{
    if (is_node(p->node, "chosen"))
        read_chosen(r, p);
    else if (is_node(p->node, "memory"))
        read_range(p, &r->m->ram_base, &r->m->ram_bytes);
    else if (is_node(p->node, "cpus") && equal(p->name, "timebase-frequency"))
        r->m->timebase_hz = number(p);
    else if (is_node(p->node, "cpu") && is_node(p->parent, "cpus"))
        read_cpu(r, p);
    else if (is_node(p->parent, "cpu") && equal(p->name, "phandle") && r->hart == r->boot_hart)
        r->boot_intc = number(p);
    else if (is_node(p->node, "plic") || is_node(p->node, "interrupt-controller"))
        read_plic(r, p);
    else if (is_node(p->node, "clint"))
        read_range(p, &r->m->clint_base, &r->m->clint_bytes);
}

static const uint32_t *behind_name(const uint32_t *p)
{
    const char *s = (const char *)p;
    while (*s)
        s++;
    return (const uint32_t *)(((uintptr_t)s + 4) & ~3UL);
}

static void walk(const uint32_t *p, const char *strings, struct reading *r)
{
    const char *names[MAX_DEPTH] = {"", ""};
    int depth = 0;
    for (;;) {
        uint32_t token = be32(p++);
        if (token == FDT_BEGIN_NODE) {
            if (++depth >= MAX_DEPTH)
                arch_panic("device tree too deep");
            names[depth] = (const char *)p;
            p = behind_name(p);
        } else if (token == FDT_END_NODE) {
            depth--;
        } else if (token == FDT_PROP) {
            struct property prop = {.node = names[depth], .parent = names[depth ? depth - 1 : 0],
                                    .name = strings + be32(p + 1), .data = p + 2, .len = be32(p)};
            read_property(r, &prop);
            p += 2 + (prop.len + 3) / 4;
        } else if (token != FDT_NOP) {
            return;
        }
    }
}

static uint32_t find_context(const struct reading *r)
{
    for (uint32_t i = 0; i + 1 < r->plic_contexts_len; i += 2)
        if (be32(&r->plic_contexts[i]) == r->boot_intc &&
            be32(&r->plic_contexts[i + 1]) == IRQ_S_EXTERNAL)
            return i / 2;
    arch_panic("no interrupt context for this hart");
}

void fdt_read(const void *fdt, uint64_t boot_hart, struct machine *m)
{
    const uint32_t *head = fdt;
    struct reading r = {.m = m, .boot_hart = boot_hart, .hart = ~0UL};
    memset(m, 0, sizeof *m);
    if (be32(&head[0]) != FDT_MAGIC)
        arch_panic("no device tree");
    m->fdt_bytes = be32(&head[1]);
    walk((const uint32_t *)((const char *)fdt + be32(&head[2])),
         (const char *)fdt + be32(&head[3]), &r);
    m->plic_context = find_context(&r);
}
