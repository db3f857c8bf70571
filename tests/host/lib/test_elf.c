/* elf_check: what it accepts, each rule it refuses by, and heads with random damage. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <abi/error.h>
#include <abi/layout.h>
#include <lib/elf/elf.h>
#include "random.h"

#define FILE_BYTES 0x5000u

struct head {
    uint8_t bytes[ELF_HEAD_BYTES];
};

static void put(struct head *h, size_t at, uint64_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        h->bytes[at + i] = (uint8_t)(value >> 8 * i);
}

enum { PH = 64, PH_BYTES = 56, P_TYPE = 0, P_FLAGS = 4, P_OFFSET = 8, P_VA = 16, P_FILE = 32,
       P_MEM = 40 };

static void put_segment(struct head *h, unsigned i, const uint64_t v[6])
{
    size_t at = PH + i * PH_BYTES;

    put(h, at + P_TYPE, v[0], 4);
    put(h, at + P_FLAGS, v[1], 4);
    put(h, at + P_OFFSET, v[2], 8);
    put(h, at + P_VA, v[3], 8);
    put(h, at + P_FILE, v[4], 8);
    put(h, at + P_MEM, v[5], 8);
}

/* Text at 0x10000, data at 0x13800 (congruent, not aligned), with bss. */
static struct head good(void)
{
    struct head h = {0};

    memcpy(h.bytes, "\177ELF\2\1\1", 7);
    put(&h, 16, 2, 2);
    put(&h, 18, 243, 2);
    put(&h, 20, 1, 4);
    put(&h, 24, 0x10010, 8);
    put(&h, 32, PH, 8);
    put(&h, 54, PH_BYTES, 2);
    put(&h, 56, 2, 2);
    put_segment(&h, 0, (uint64_t[]){1, ELF_R | ELF_X, 0x1000, 0x10000, 0x2100, 0x2100});
    put_segment(&h, 1, (uint64_t[]){1, ELF_R | ELF_W, 0x3800, 0x13800, 0x100, 0x2000});
    return h;
}

static int check(const struct head *h, struct elf_image *out)
{
    return elf_check(h->bytes, sizeof h->bytes, FILE_BYTES, out);
}

static void good_program_is_accepted(void **state)
{
    struct head h = good();
    struct elf_image image;

    (void)state;
    assert_int_equal(check(&h, &image), 0);
    assert_null(image.reason);
    assert_int_equal(image.entry, 0x10010);
    assert_int_equal(image.nsegments, 2);
    assert_int_equal(image.end, 0x16000);
    assert_int_equal(image.segment[1].va, 0x13800);
    assert_int_equal(image.segment[1].file_bytes, 0x100);
    assert_int_equal(image.segment[0].flags, ELF_R | ELF_X);
}

static void careful_code_is_noted(void **state)
{
    struct head h = good();
    struct elf_image image;

    (void)state;
    assert_int_equal(check(&h, &image), 0);
    assert_int_equal(image.careful_end, 0);
    put(&h, 56, 3, 2);
    put_segment(&h, 2, (uint64_t[]){PT_CAREFUL, ELF_R | ELF_X, 0x1100, 0x10100, 0x80, 0x80});
    assert_int_equal(check(&h, &image), 0);
    assert_int_equal(image.nsegments, 2);
    assert_int_equal(image.careful, 0x10100);
    assert_int_equal(image.careful_end, 0x10180);
    put(&h, PH + 2 * PH_BYTES + P_MEM, HEAP_LIMIT, 8);
    assert_int_equal(check(&h, &image), ERR_NOEXEC);
    assert_non_null(image.reason);
}

struct damage {
    const char *what;
    size_t at;
    uint64_t value;
    unsigned n;
};

static void each_rule_refuses_by_itself(void **state)
{
    static const struct damage damages[] = {
        {"magic", 1, 'F', 1},
        {"class", 4, 1, 1},
        {"byte order", 5, 2, 1},
        {"version", 6, 2, 1},
        {"version again", 20, 0, 4},
        {"shared object", 16, 3, 2},
        {"machine", 18, 62, 2},
        {"program header size", 54, 55, 2},
        {"program headers far away", 32, ELF_HEAD_BYTES - 56, 8},
        {"program headers at the end of numbers", 32, ~0UL, 8},
        {"too many program headers", 56, 0xffff, 2},
        {"interpreter", PH + P_TYPE, 3, 4},
        {"dynamic", PH + PH_BYTES + P_TYPE, 2, 4},
        {"no executable segment", PH + P_FLAGS, ELF_R, 4},
        {"writable and executable", PH + P_FLAGS, 7, 4},
        {"not readable", PH + P_FLAGS, ELF_X, 4},
        {"more in file than in memory", PH + P_FILE, 0x2101, 8},
        {"file part beyond the file", PH + PH_BYTES + P_OFFSET, 0x4f801, 8},
        {"file offset wraps", PH + PH_BYTES + P_OFFSET, ~0UL - 0x7ff, 8},
        {"not congruent", PH + PH_BYTES + P_OFFSET, 0x3700, 8},
        {"below the program area", PH + P_VA, 0xf000, 8},
        {"above the program area", PH + PH_BYTES + P_VA, HEAP_LIMIT + 0x800, 8},
        {"memory size reaches out", PH + PH_BYTES + P_MEM, HEAP_LIMIT, 8},
        {"memory size wraps", PH + PH_BYTES + P_MEM, ~0UL, 8},
        {"not sorted", PH + P_VA, 0x20000, 8},
        {"shares a page", PH + P_MEM, 0x3001, 8},
        {"entry outside", 24, 0x13900, 8},
        {"entry behind the file part", 24, 0x12100, 8},
        {"entry before the text", 24, 0xfffe, 8},
        {"odd entry", 24, 0x10011, 8},
    };

    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct head h = good();
        struct elf_image image;

        put(&h, damages[i].at, damages[i].value, damages[i].n);
        if (check(&h, &image) != ERR_NOEXEC || !image.reason)
            fail_msg("accepted: %s", damages[i].what);
    }
}

static void every_shorter_head_is_refused(void **state)
{
    struct head h = good();
    struct elf_image image;

    (void)state;
    for (size_t n = 0; n < PH + 2 * PH_BYTES; n++) {
        uint8_t *exact = malloc(n + 1);

        memcpy(exact + 1, h.bytes, n); /* odd address, and ASan sees the end */
        assert_int_equal(elf_check(exact + 1, n, FILE_BYTES, &image), ERR_NOEXEC);
        assert_int_equal(elf_check(h.bytes, sizeof h.bytes, n, &image), ERR_NOEXEC);
        free(exact);
    }
}

static void nine_segments_are_too_many(void **state)
{
    struct head h = good();
    struct elf_image image;

    (void)state;
    for (unsigned i = 0; i < 9; i++)
        put_segment(&h, i, (uint64_t[]){1, ELF_R | ELF_X, 0, 0x10000 + i * 0x1000, 0x100, 0x100});
    put(&h, 56, 8, 2);
    assert_int_equal(check(&h, &image), 0);
    put(&h, 56, 9, 2);
    assert_int_equal(check(&h, &image), ERR_NOEXEC);
}

/* Whatever is accepted obeys the rules, by another reading of them. */
static void assert_sound(const struct elf_image *image)
{
    uint64_t last = PROGRAM_BASE;
    int entry_seen = 0;

    for (unsigned i = 0; i < image->nsegments; i++) {
        const struct elf_segment *s = &image->segment[i];

        assert_true(s->va >= last && s->va < HEAP_LIMIT);
        last = (s->va + s->mem_bytes + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
        assert_true(last > s->va && last <= HEAP_LIMIT);
        assert_true(s->offset + s->file_bytes <= FILE_BYTES && s->file_bytes <= s->mem_bytes);
        assert_int_equal(s->va % PAGE_SIZE, s->offset % PAGE_SIZE);
        assert_int_not_equal(s->flags & (ELF_W | ELF_X), ELF_W | ELF_X);
        if ((s->flags & ELF_X) && image->entry >= s->va && image->entry < s->va + s->file_bytes)
            entry_seen = 1;
    }
    assert_true(entry_seen);
    assert_int_equal(image->end, last);
}

static void random_damage_never_yields_an_unsound_image(void **state)
{
    static const uint64_t interesting[] = {0, 1, 2, 7, 0x800, 0x1000, 0x10000, 0x13000, HEAP_LIMIT,
                                           ~0UL, 1UL << 63, ~0UL - 0xfff};
    unsigned accepted = 0;

    (void)state;
    random_start();
    for (unsigned round = 0; round < 100000; round++) {
        struct head h = good();
        struct elf_image image;

        for (uint64_t n = 1 + random_below(3); n > 0; n--) {
            size_t at = random_below(PH + 2 * PH_BYTES - 8);

            if (random_below(2))
                h.bytes[at] = (uint8_t)random_below(256);
            else
                put(&h, at & ~7UL, interesting[random_below(12)], 8);
        }
        if (check(&h, &image) == 0) {
            assert_sound(&image);
            accepted++;
        }
    }
    assert_true(accepted > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_program_is_accepted),
        cmocka_unit_test(careful_code_is_noted),
        cmocka_unit_test(each_rule_refuses_by_itself),
        cmocka_unit_test(every_shorter_head_is_refused),
        cmocka_unit_test(nine_segments_are_too_many),
        cmocka_unit_test(random_damage_never_yields_an_unsound_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
