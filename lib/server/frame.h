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

#endif
