/* See utf8.h. */
#include "utf8.h"

static int is_character(uint32_t c)
{
    return c < 0x110000 && (c < 0xd800 || c > 0xdfff);
}

size_t utf8_encode(uint32_t c, char bytes[UTF8_MAX])
{
    static const unsigned char head[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    if (!is_character(c))
        return 0;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3f));
    bytes[0] = (char)(head[n] | c);
    return n;
}

static int begin(struct utf8_state *state, unsigned char byte, uint32_t *c)
{
    if (byte < 0x80) {
        *c = byte;
        return 1;
    }
    if (byte < 0xc2 || byte > 0xf4)
        return -1;
    state->length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    state->missing = state->length - 1;
    state->bits = byte & (0x7fu >> state->length);
    return 0;
}

/* The first of the bytes that follow already tells whether the whole can be good. */
static int is_possible(const struct utf8_state *state, uint32_t bits)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t low = bits << 6 * (state->missing - 1), high = low | ((1u << 6 * (state->missing - 1)) - 1);

    return high >= least[state->length] && is_character(low);
}

int utf8_feed(struct utf8_state *state, unsigned char byte, uint32_t *c)
{
    uint32_t bits = state->bits << 6 | (byte & 0x3f);

    if (state->missing == 0)
        return begin(state, byte, c);
    if ((byte & 0xc0) != 0x80 || !is_possible(state, bits))
        return -1;
    state->bits = bits;
    if (--state->missing)
        return 0;
    *c = bits;
    *state = (struct utf8_state){0};
    return 1;
}
