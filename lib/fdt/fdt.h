/* Reading a flattened device tree (Devicetree Specification, "Flattened Devicetree (DTB) Format").
 * Pure; nothing in the blob is trusted. A cursor walks the structure block once, front to back, and
 * yields nodes' starts and ends and properties; fdt_devices() picks what init needs. */
#ifndef LIB_FDT_FDT_H
#define LIB_FDT_FDT_H

#include <stddef.h>
#include <stdint.h>

struct fdt {
    const uint8_t *structs; /* structure block */
    uint32_t structs_bytes;
    const char *strings;
    uint32_t strings_bytes;
};

/* => 0, or ERR_CORRUPT: not a device tree, or blocks outside of it. `bytes`: readable at blob. */
int fdt_open(struct fdt *fdt, const void *blob, size_t bytes);

enum fdt_token { FDT_BEGIN = 1, FDT_END = 2, FDT_PROPERTY = 3, FDT_STOP = 9 };

struct fdt_cursor {
    uint32_t offset; /* 0 at the start */
    uint32_t depth;  /* open nodes */
    const char *name;     /* of the node begun, or of the property */
    const uint8_t *value; /* of the property; not aligned */
    uint32_t bytes;
};

/* => the next token (FDT_STOP at the end), or ERR_CORRUPT. */
int fdt_next(const struct fdt *fdt, struct fdt_cursor *at);

/* A value's cell (32 bit, big endian) or pair of cells at byte `offset`; 0 if it is not that long. */
uint32_t fdt_cell(const struct fdt_cursor *at, uint32_t offset);
uint64_t fdt_cells2(const struct fdt_cursor *at, uint32_t offset);

/* Does a value, a list of strings, contain `text`? */
int fdt_lists(const struct fdt_cursor *at, const char *text);

#define FDT_DEVICES_MAX 32u

enum fdt_device_kind { FDT_UART, FDT_VIRTIO, FDT_RTC, FDT_POWER };

struct fdt_device {
    enum fdt_device_kind kind;
    uint64_t base, bytes; /* physical */
    uint32_t irq;         /* PLIC source; 0: none */
};

struct fdt_devices {
    uint32_t count;
    uint64_t seed[4]; /* /chosen/rng-seed: what the machine gives for random numbers; 0: nothing */
    struct fdt_device device[FDT_DEVICES_MAX];
};

/* All devices of the kinds above (ns16550a, virtio,mmio, google,goldfish-rtc, sifive,test0), by
 * ascending address; those beyond FDT_DEVICES_MAX are dropped. And the seed. => 0 or ERR_CORRUPT. */
int fdt_devices(const struct fdt *fdt, struct fdt_devices *out);

/* The nth (from 0) device of a kind, or NULL. */
const struct fdt_device *fdt_device(const struct fdt_devices *devices, enum fdt_device_kind kind,
                                    unsigned nth);

#endif
