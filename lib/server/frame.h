/* The framed console of exec mode: several byte streams over one serial line. The host side is
 * tools/faultline/frames.py.
 *
 *   FRAME_MARK0 FRAME_MARK1 type length(16 bits, little endian) payload[length]
 *
 * Both directions. Bytes between frames are text of those who know no frames (firmware, kernel).
 * The console sends one frame of type FRAME_LOG (it may be empty) as soon as it can take input: the
 * host sends nothing before. FRAME_STATUS is the last frame: the exit status as a shell gives it,
 * 0..255 (128 + n after signal n), 4 bytes, little endian. FRAME_IN with length 0 is the end of the
 * input; the host splits input into frames of at most 4096 bytes.
 */
#ifndef LIB_SERVER_FRAME_H
#define LIB_SERVER_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_MARK0 0x01
#define FRAME_MARK1 0xfa
#define FRAME_HEAD_BYTES 5
#define FRAME_PAYLOAD_MAX 0xffff

enum frame_type {
    FRAME_IN = 0,     /* host to guest */
    FRAME_OUT = 1,    /* guest to host: stdout, */
    FRAME_ERR = 2,    /* stderr, */
    FRAME_LOG = 3,    /* the system's log, */
    FRAME_STATUS = 4, /* the end */
};

/* Write the head of a frame with n bytes (at most FRAME_PAYLOAD_MAX) of payload to out. */
static inline void frame_head(uint8_t out[FRAME_HEAD_BYTES], enum frame_type type, size_t n)
{
    out[0] = FRAME_MARK0;
    out[1] = FRAME_MARK1;
    out[2] = (uint8_t)type;
    out[3] = (uint8_t)(n & 0xff);
    out[4] = (uint8_t)(n >> 8);
}

/* Decoder, fed byte by byte. Zeroed = at the start. */
struct frame_decoder {
    uint32_t have; /* bytes of the head seen */
    uint32_t left; /* bytes of payload to come */
    uint8_t type;
    uint8_t len_low;
};

enum frame_event {
    FRAME_NOTHING, /* part of a head */
    FRAME_BYTE,    /* a byte of payload, of frame decoder->type */
    FRAME_EMPTY,   /* a frame of length 0 has come */
    FRAME_OUTSIDE, /* a byte between frames */
};

/* => what this byte is. A mark that is not followed by its second byte is dropped with it. */
enum frame_event frame_decode(struct frame_decoder *d, uint8_t byte);

#endif
