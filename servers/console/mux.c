#include "mux.h"
#include <string.h>

void mux_init(struct mux *mux, struct bytering *ring, bool is_framed)
{
    *mux = (struct mux){.ring = ring, .is_framed = is_framed, .current = BYTES_IN};
    if (is_framed) {
        frame_head(mux->extra, FRAME_LOG, 0);
        mux->extra_end = FRAME_HEAD_BYTES;
    }
}

static bool is_log(uint32_t ring)
{
    return ring >= BYTES_LOG;
}

/* Length of the next turn of a ring: a line of a log in raw mode, else what lies in a row. */
static size_t turn_bytes(const struct mux *mux, uint32_t ring)
{
    const uint8_t *bytes;
    size_t n = bytering_span(&mux->ring[ring], &bytes);
    const uint8_t *newline;

    if (n > MUX_TURN_BYTES)
        n = MUX_TURN_BYTES;
    if (!is_log(ring) || mux->is_framed)
        return n;
    newline = memchr(bytes, '\n', n);
    return newline ? (size_t)(newline - bytes) + 1 : n;
}

static enum frame_type type_of(uint32_t ring)
{
    return ring == BYTES_OUT ? FRAME_OUT : ring == BYTES_ERR ? FRAME_ERR : FRAME_LOG;
}

/* Begin the next turn. => false: all rings are empty. */
static bool next_turn(struct mux *mux)
{
    for (uint32_t tried = 0; tried < BYTES_COUNT; tried++) {
        mux->current = (mux->current + 1) % BYTES_COUNT;
        if (mux->current == BYTES_IN)
            continue;
        mux->left = (uint32_t)turn_bytes(mux, mux->current);
        if (mux->left == 0)
            continue;
        mux->extra_at = mux->extra_end = 0;
        if (mux->is_framed) {
            frame_head(mux->extra, type_of(mux->current), mux->left);
            mux->extra_end = FRAME_HEAD_BYTES;
        }
        return true;
    }
    return false;
}

static void note_full(struct mux *mux)
{
    if (!is_log(mux->current) && bytering_pending(&mux->ring[mux->current]) == BYTERING_BYTES)
        mux->has_drained_full = true;
}

/* Bytes of the current ring; a newline that ends a raw log line is held back as CR LF. */
static size_t from_ring(struct mux *mux, uint8_t *out, size_t max)
{
    size_t n = mux->left < max ? mux->left : max;

    note_full(mux);
    n = bytering_read(&mux->ring[mux->current], out, n);
    if (n == 0) { /* its writer broke the rules */
        mux->left = 0;
        return 0;
    }
    mux->left -= (uint32_t)n;
    if (!mux->is_framed && is_log(mux->current) && out[n - 1] == '\n') {
        memcpy(mux->extra, "\r\n", 2);
        mux->extra_at = 0;
        mux->extra_end = 2;
        n--;
    }
    return n;
}

static size_t from_extra(struct mux *mux, uint8_t *out, size_t max)
{
    size_t n = mux->extra_end - mux->extra_at;

    if (n > max)
        n = max;
    memcpy(out, mux->extra + mux->extra_at, n);
    mux->extra_at += (uint32_t)n;
    return n;
}

size_t mux_next(struct mux *mux, uint8_t *out, size_t max)
{
    size_t n = 0;

    while (n < max) {
        if (mux->extra_at < mux->extra_end)
            n += from_extra(mux, out + n, max - n);
        else if (mux->left)
            n += from_ring(mux, out + n, max - n);
        else if (!next_turn(mux))
            break;
    }
    return n;
}

void mux_status(struct mux *mux, uint32_t status)
{
    if (!mux->is_framed)
        return;
    frame_head(mux->extra, FRAME_STATUS, 4);
    for (unsigned i = 0; i < 4; i++)
        mux->extra[FRAME_HEAD_BYTES + i] = (uint8_t)(status >> 8 * i);
    mux->extra_at = 0;
    mux->extra_end = FRAME_HEAD_BYTES + 4;
}
