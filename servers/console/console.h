/* The console's logic: moves bytes between the UART and the rings, interrupt driven both ways, never
 * waiting for the line. Output that the line does not take yet waits in its ring, which holds its
 * writer back; input for which there is no room waits in the UART, which holds the host back.
 */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "mux.h"

#define CONSOLE_CHUNK_BYTES 16u /* what the UART takes at once */

struct console {
    struct bytering ring[BYTES_COUNT];
    struct mux mux;
    struct frame_decoder decoder;
    bool is_framed;
    bool wakes_fs;     /* fs has input to read or room to write: signal it, then clear this */
    bool is_finishing; /* the status frame was given out */
    bool is_finished;  /* and everything has left */
    uint32_t status;
    bool has_status;   /* console_finish() was called */
    uint8_t chunk[CONSOLE_CHUNK_BYTES];
    uint32_t chunk_bytes, chunk_at; /* taken from the rings, not yet by the UART */
};

/* Set the UART up; `pages`: BYTES_COUNT pages in a row, shared with the writers and fs. */
void console_init(struct console *console, struct byte_page *pages, bool is_framed);

/* Move what can be moved now; to be called at every interrupt and signal. Bounded. */
void console_pump(struct console *console);

/* Everything that is to be written has been written: after it the status, then is_finished. */
void console_finish(struct console *console, uint32_t status);

#endif
