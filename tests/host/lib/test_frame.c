/* Frames of the exec console: what is encoded is decoded, whatever stands between. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include <lib/server/frame.h>
#include "random.h"

static void byte_is(struct frame_decoder *d, uint8_t byte, enum frame_event event)
{
    assert_int_equal(frame_decode(d, byte), event);
}

static void bytes_outside_are_told_apart(void **state)
{
    struct frame_decoder d = {0};

    (void)state;
    byte_is(&d, 'x', FRAME_OUTSIDE);
    byte_is(&d, FRAME_MARK0, FRAME_NOTHING);
    byte_is(&d, FRAME_MARK0, FRAME_NOTHING);
    byte_is(&d, FRAME_MARK1, FRAME_NOTHING);
    byte_is(&d, FRAME_IN, FRAME_NOTHING);
    byte_is(&d, 2, FRAME_NOTHING);
    byte_is(&d, 0, FRAME_NOTHING);
    byte_is(&d, FRAME_MARK0, FRAME_BYTE);
    byte_is(&d, FRAME_MARK1, FRAME_BYTE);
    byte_is(&d, 'y', FRAME_OUTSIDE);
    byte_is(&d, FRAME_MARK0, FRAME_NOTHING);
    byte_is(&d, 'z', FRAME_NOTHING);
    byte_is(&d, 'z', FRAME_OUTSIDE);
}

static void empty_frame_is_an_event(void **state)
{
    struct frame_decoder d = {0};
    uint8_t head[FRAME_HEAD_BYTES];

    (void)state;
    frame_head(head, FRAME_IN, 0);
    for (unsigned i = 0; i < FRAME_HEAD_BYTES; i++)
        byte_is(&d, head[i], i + 1 < FRAME_HEAD_BYTES ? FRAME_NOTHING : FRAME_EMPTY);
    assert_int_equal(d.type, FRAME_IN);
    byte_is(&d, 'x', FRAME_OUTSIDE);
}

static void frames_of_any_length_come_back(void **state)
{
    struct frame_decoder d = {0};

    (void)state;
    random_start();
    for (unsigned round = 0; round < 300; round++) {
        size_t n = random_below(3) ? random_below(600) : random_below(FRAME_PAYLOAD_MAX + 1);
        enum frame_type type = (enum frame_type)random_below(5);
        uint8_t head[FRAME_HEAD_BYTES];

        frame_head(head, type, n);
        for (unsigned i = 0; i < FRAME_HEAD_BYTES; i++)
            byte_is(&d, head[i], i + 1 == FRAME_HEAD_BYTES && n == 0 ? FRAME_EMPTY : FRAME_NOTHING);
        for (size_t i = 0; i < n; i++)
            byte_is(&d, (uint8_t)random_below(256), FRAME_BYTE);
        assert_int_equal(d.type, type);
        for (size_t i = random_below(5); i > 0; i--)
            byte_is(&d, 'o', FRAME_OUTSIDE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_outside_are_told_apart),
        cmocka_unit_test(empty_frame_is_an_event),
        cmocka_unit_test(frames_of_any_length_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
