/* Device trees: a tree written here is read back; cut and damaged ones never lead outside. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <abi/error.h>
#include <lib/fdt/fdt.h>
#include "random.h"

/* A tree under construction; strings are at fixed offsets. */
struct tree {
    uint8_t bytes[4096];
    size_t n;
};

static const char strings[] = "compatible\0reg\0interrupts\0rng-seed";
enum { HEADER = 48, S_COMPATIBLE = 0, S_REG = 11, S_INTERRUPTS = 15, S_SEED = 26 };

static void cell(struct tree *t, uint32_t v)
{
    for (int i = 3; i >= 0; i--)
        t->bytes[t->n++] = (uint8_t)(v >> 8 * i);
}

static void bytes(struct tree *t, const void *p, size_t n)
{
    memcpy(t->bytes + t->n, p, n);
    t->n = (t->n + n + 3) & ~3UL;
}

static void property(struct tree *t, uint32_t name, const void *value, uint32_t n)
{
    cell(t, 3);
    cell(t, n);
    cell(t, name);
    bytes(t, value, n);
}

static void device(struct tree *t, const char *name, const char *compatible, size_t n, uint32_t base,
                   uint32_t irq)
{
    cell(t, 1);
    bytes(t, name, strlen(name) + 1);
    cell(t, 3);
    cell(t, 4);
    cell(t, S_INTERRUPTS);
    cell(t, irq);
    cell(t, 3);
    cell(t, 16);
    cell(t, S_REG);
    cell(t, 0);
    cell(t, base);
    cell(t, 0);
    cell(t, 0x1000);
    cell(t, 4); /* NOP */
    property(t, S_COMPATIBLE, compatible, (uint32_t)n);
    cell(t, 2);
}

static struct tree sample(void)
{
    struct tree t = {.n = HEADER};
    size_t end;

    cell(&t, 1);
    bytes(&t, "", 1);
    property(&t, S_COMPATIBLE, "riscv-virtio", 13);
    property(&t, S_SEED, "0123456789abcdefghijklmnopqrstuv", 32);
    device(&t, "virtio_mmio@10008000", "virtio,mmio", 12, 0x10008000, 8);
    device(&t, "virtio_mmio@10001000", "virtio,mmio", 12, 0x10001000, 1);
    device(&t, "test@100000", "sifive,test1\0sifive,test0\0syscon", 33, 0x100000, 0);
    device(&t, "serial@10000000", "ns16550a", 9, 0x10000000, 10);
    device(&t, "pci@30000000", "pci-host-ecam-generic", 22, 0x30000000, 0);
    device(&t, "rtc@101000", "google,goldfish-rtc", 20, 0x101000, 11);
    cell(&t, 2);
    cell(&t, 9);
    end = t.n;
    bytes(&t, strings, sizeof strings);
    end = t.n = end + sizeof strings;
    t.n = 0;
    cell(&t, 0xd00dfeed);
    cell(&t, (uint32_t)end);
    cell(&t, HEADER);
    cell(&t, (uint32_t)(end - sizeof strings));
    cell(&t, 40);
    cell(&t, 17);
    cell(&t, 16);
    cell(&t, 0);
    cell(&t, sizeof strings);
    cell(&t, (uint32_t)(end - sizeof strings - HEADER));
    t.n = end;
    return t;
}

static int find(const struct tree *t, struct fdt_devices *out)
{
    uint8_t *exact = malloc(t->n ? t->n : 1);
    struct fdt fdt;
    int rc;

    memcpy(exact, t->bytes, t->n);
    rc = fdt_open(&fdt, exact, t->n);
    if (rc == 0)
        rc = fdt_devices(&fdt, out);
    free(exact);
    return rc;
}

static void devices_are_found_sorted(void **state)
{
    struct tree t = sample();
    struct fdt_devices d;

    (void)state;
    assert_int_equal(find(&t, &d), 0);
    assert_int_equal(d.count, 5);
    assert_int_equal(d.seed[0], 0x3031323334353637);
    assert_int_equal(d.seed[3], 0x6f70717273747576);
    for (unsigned i = 1; i < d.count; i++)
        assert_true(d.device[i - 1].base < d.device[i].base);
    assert_int_equal(fdt_device(&d, FDT_UART, 0)->base, 0x10000000);
    assert_int_equal(fdt_device(&d, FDT_UART, 0)->irq, 10);
    assert_int_equal(fdt_device(&d, FDT_VIRTIO, 0)->irq, 1);
    assert_int_equal(fdt_device(&d, FDT_VIRTIO, 1)->irq, 8);
    assert_null(fdt_device(&d, FDT_VIRTIO, 2));
    assert_int_equal(fdt_device(&d, FDT_POWER, 0)->base, 0x100000);
    assert_int_equal(fdt_device(&d, FDT_RTC, 0)->bytes, 0x1000);
}

static void cut_tree_is_corrupt(void **state)
{
    struct tree t = sample();
    struct fdt_devices d;

    (void)state;
    for (size_t n = t.n; n-- > 0;) {
        t.n = n;
        assert_int_equal(find(&t, &d), ERR_CORRUPT);
    }
}

static void structure_block_of_any_length_stays_inside(void **state)
{
    struct tree t = sample();
    struct fdt_devices d;
    size_t n = t.n;
    uint32_t all = (uint32_t)(n - sizeof strings - HEADER);

    (void)state;
    for (uint32_t i = 0; i < all; i++) {
        t.n = 36;
        cell(&t, i);
        t.n = n;
        assert_int_equal(find(&t, &d), ERR_CORRUPT);
    }
}

static void random_damage_stays_inside(void **state)
{
    unsigned good = 0;

    (void)state;
    random_start();
    for (unsigned round = 0; round < 50000; round++) {
        struct tree t = sample();
        struct fdt_devices d;

        for (uint64_t n = 1 + random_below(4); n > 0; n--)
            t.bytes[random_below(t.n)] = random_below(2) ? (uint8_t)random_below(12)
                                                         : (uint8_t)random_below(256);
        if (find(&t, &d) == 0) {
            assert_true(d.count <= FDT_DEVICES_MAX);
            good++;
        }
    }
    assert_true(good > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(devices_are_found_sorted),
        cmocka_unit_test(cut_tree_is_corrupt),
        cmocka_unit_test(structure_block_of_any_length_stays_inside),
        cmocka_unit_test(random_damage_stays_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
