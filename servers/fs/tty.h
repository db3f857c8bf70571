/* The terminal's line discipline. Bytes from the keyboard go in through tty_input, which edits the
 * line, echoes, and says which signal a key stands for; programs take them with tty_read and write
 * through tty_write. Output and echo share one queue that the shell drains to the console.
 *
 * Input is a queue of entries: a byte, with TTY_LINE on the last one of a line, or TTY_EOF alone.
 * The last `nedit` entries are the line being typed (canonical mode). What finds the queue full rings
 * the bell and is lost, so that the keys that mean signals still get through; only where no key
 * means one, a full queue stops the keyboard (tty_accepts). tty_edit.c has keys and editing, tty.c
 * the rest.
 */
#ifndef FS_TTY_H
#define FS_TTY_H

#include <stdbool.h>
#include <stdint.h>
#include <proto/fs.h>

#define TTY_IN 16384u
#define TTY_OUT 4096u
#define TTY_LINE 0x100u
#define TTY_EOF 0x200u

struct tty {
    struct fs_termios termios;
    struct fs_winsize winsize;
    uint64_t pgrp, sid; /* foreground group, session; 0: none */
    uint16_t in[TTY_IN];
    uint32_t in_get, in_len, nedit, nlines;
    uint8_t out[TTY_OUT];
    uint32_t out_get, out_len;
    uint32_t column;      /* where the next output goes, from 0 */
    uint32_t edit_column; /* where the line being typed begins */
    bool is_stopped;      /* ^S */
    bool is_literal;      /* the next key is data, whatever it is */
    bool is_throttled;    /* STOP was sent for a queue nearly full */
    bool is_hung_up;      /* the keyboard has gone for good: reads end */
};

void tty_init(struct tty *tty);

/* May tty_input be called now? */
bool tty_accepts(const struct tty *tty);

/* One byte from the keyboard. => the signal that it means for the foreground group, or 0. */
int tty_input(struct tty *tty, uint8_t byte);

/* => whether a read of `max` bytes has something to answer now; for raw mode with the bytes that
 * MIN asks for. */
bool tty_is_readable(const struct tty *tty, uint32_t max);

/* => how many bytes a read would take now, MIN aside. */
uint32_t tty_pending(const struct tty *tty);

/* Take up to `max` bytes, a line at most in canonical mode. => how many; 0: end of file. */
uint32_t tty_read(struct tty *tty, uint8_t *bytes, uint32_t max);

/* Queue output. => how many bytes of `bytes` were taken; none unless tty_is_writable. */
uint32_t tty_write(struct tty *tty, const uint8_t *bytes, uint32_t len);
bool tty_is_writable(const struct tty *tty);

/* The next output bytes that lie in a row (0: none, or stopped), and that `n` of them have gone. */
uint32_t tty_output(const struct tty *tty, const uint8_t **bytes);
void tty_sent(struct tty *tty, uint32_t n);

/* Settings; what the line cannot do (7 bits, parity) comes out as what it does. */
void tty_set_termios(struct tty *tty, const struct fs_termios *termios);
void tty_flush(struct tty *tty, bool input, bool output);

/* Send a STOP (true) or START to the other side. */
void tty_send_flow(struct tty *tty, bool is_stop);

/* Within tty*.c. Output of one byte as it is; with the output flags; as echo of a key. */
void tty_out(struct tty *tty, uint8_t byte);
void tty_out_processed(struct tty *tty, uint8_t byte);
void tty_in(struct tty *tty, uint16_t entry);
uint8_t tty_in_drop_last(struct tty *tty);

static inline bool tty_has(const struct tty *tty, uint32_t lflag)
{
    return (tty->termios.lflag & lflag) == lflag;
}

#endif
