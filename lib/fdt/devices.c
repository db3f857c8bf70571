/* The devices that init looks for in a device tree: see fdt.h. Addresses and sizes are pairs of cells,
 * as on every 64-bit machine that we run on. */
#include <lib/fdt/fdt.h>
#include <stdbool.h>
#include <string.h>
#include <abi/error.h>

/* A node while its properties are read. */
struct node {
    bool is_wanted;
    struct fdt_device device;
};

static void read_compatible(const struct fdt_cursor *at, struct node *node)
{
    static const struct {
        const char *name;
        enum fdt_device_kind kind;
    } known[] = {{"ns16550a", FDT_UART},
                 {"virtio,mmio", FDT_VIRTIO},
                 {"google,goldfish-rtc", FDT_RTC},
                 {"sifive,test0", FDT_POWER}};

    for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
        if (!fdt_lists(at, known[i].name))
            continue;
        node->is_wanted = true;
        node->device.kind = known[i].kind;
    }
}

static void add_sorted(struct fdt_devices *out, const struct fdt_device *d)
{
    uint32_t i = out->count;

    if (i == FDT_DEVICES_MAX)
        return;
    for (; i > 0 && out->device[i - 1].base > d->base; i--)
        out->device[i] = out->device[i - 1];
    out->device[i] = *d;
    out->count++;
}

/* A node's own properties come before its children, so whatever ends it, it is complete. */
static void finish_node(struct fdt_devices *out, struct node *node)
{
    if (node->is_wanted && node->device.bytes)
        add_sorted(out, &node->device);
    *node = (struct node){0};
}

int fdt_devices(const struct fdt *fdt, struct fdt_devices *out)
{
    struct fdt_cursor at = {0};
    struct node node = {0};
    int token;

    *out = (struct fdt_devices){0};
    while ((token = fdt_next(fdt, &at)) != FDT_STOP) {
        if (token < 0)
            return token;
        if (token != FDT_PROPERTY) {
            finish_node(out, &node);
        } else if (strcmp(at.name, "compatible") == 0) {
            read_compatible(&at, &node);
        } else if (strcmp(at.name, "reg") == 0) {
            node.device.base = fdt_cells2(&at, 0);
            node.device.bytes = fdt_cells2(&at, 8);
        } else if (strcmp(at.name, "interrupts") == 0) {
            node.device.irq = fdt_cell(&at, 0);
        } else if (strcmp(at.name, "rng-seed") == 0) {
            for (uint32_t i = 0; i < 4; i++)
                out->seed[i] = fdt_cells2(&at, 8 * i);
        }
    }
    return 0;
}

const struct fdt_device *fdt_device(const struct fdt_devices *devices, enum fdt_device_kind kind,
                                    unsigned nth)
{
    for (uint32_t i = 0; i < devices->count; i++)
        if (devices->device[i].kind == kind && nth-- == 0)
            return &devices->device[i];
    return NULL;
}
