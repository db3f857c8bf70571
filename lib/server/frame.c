/* Decoder of framed bytes: see frame.h. */
#include <lib/server/frame.h>

static enum frame_event decode_length(struct frame_decoder *d, uint8_t byte)
{
    d->left = d->len_low | (uint32_t)byte << 8;
    d->have = d->left ? FRAME_HEAD_BYTES : 0;
    return d->left ? FRAME_NOTHING : FRAME_EMPTY;
}

static enum frame_event decode_head(struct frame_decoder *d, uint8_t byte)
{
    switch (d->have) {
    case 0:
        if (byte != FRAME_MARK0)
            return FRAME_OUTSIDE;
        break;
    case 1:
        if (byte != FRAME_MARK1) {
            d->have = byte == FRAME_MARK0;
            return FRAME_NOTHING;
        }
        break;
    case 2:
        d->type = byte;
        break;
    case 3:
        d->len_low = byte;
        break;
    default:
        return decode_length(d, byte);
    }
    d->have++;
    return FRAME_NOTHING;
}

enum frame_event frame_decode(struct frame_decoder *d, uint8_t byte)
{
    if (d->have < FRAME_HEAD_BYTES)
        return decode_head(d, byte);
    if (--d->left == 0)
        d->have = 0;
    return FRAME_BYTE;
}
