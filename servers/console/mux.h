/* Many byte rings, one wire: takes turns between the rings and yields the bytes to send. Pure.
 *
 * Framed (exec mode): each turn is one frame (lib/server/frame.h), after an empty log frame as
 * greeting. Raw (run mode): the bytes themselves; log lines whole, each ended by CR LF.
 */
#ifndef CONSOLE_MUX_H
#define CONSOLE_MUX_H

#include <lib/server/boot.h>
#include <lib/server/bytering.h>
#include <lib/server/frame.h>

#define MUX_TURN_BYTES 1024u /* of one ring in a row */

struct mux {
    struct bytering *ring; /* BYTES_COUNT rings, attached as reader but for BYTES_IN */
    bool is_framed;
    uint32_t current;      /* ring whose turn it is */
    uint32_t left;         /* bytes of the turn still to come from that ring */
    uint8_t extra[FRAME_HEAD_BYTES + 4]; /* bytes to send before those: a frame's head; CR LF */
    uint32_t extra_at, extra_end;
    bool has_drained_full; /* BYTES_OUT or BYTES_ERR was full and is no more: its writer may wait */
};

void mux_init(struct mux *mux, struct bytering *ring, bool is_framed);

/* The next bytes for the wire, at most `max`. => how many; 0: there is nothing to send. */
size_t mux_next(struct mux *mux, uint8_t *out, size_t max);

/* Send the frame that ends the session with `status`, before anything else in the rings; legal when
 * mux_next() said 0. Raw: nothing is sent. */
void mux_status(struct mux *mux, uint32_t status);

#endif
