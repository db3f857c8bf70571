/* The terminal's line discipline. Bytes from the keyboard go in through tty_input, which edits the
 * line, echoes, and says which signal a key stands for; programs take them with tty_read and write
 * through tty_write. Output and echo share one queue that the shell drains to the console.
 *
 * Input is a queue of entries: a byte, with TTY_LINE on the last one of a line, or TTY_EOF alone.
 * The last `nedit` entries are the line being typed (canonical mode). A full queue stops the
 * keyboard (tty_accepts) as long as there is a line to read; an endless line drops what is too much.
 */
#ifndef FS_TTY_H
#define FS_TTY_H

#include <stdbool.h>
#include <stdint.h>
#include <proto/fs.h>

#define TTY_IN 4096u
#define TTY_OUT 512u
#define TTY_LINE 0x100u
#define TTY_EOF 0x200u

struct tty {
    struct fs_termios termios;
    struct fs_winsize winsize;
    uint64_t pgrp, sid; /* foreground group, session */
    uint16_t in[TTY_IN];
    uint32_t in_get, in_len, nedit, nlines;
    uint8_t out[TTY_OUT];
    uint32_t out_get, out_len;
    bool is_stopped;    /* ^S */
    bool is_hung_up;    /* the keyboard has gone for good: reads end */
};

void tty_init(struct tty *tty);

/* May tty_input be called now? */
bool tty_accepts(const struct tty *tty);

/* One byte from the keyboard. => the signal that it means for the foreground group, or 0. */
int tty_input(struct tty *tty, uint8_t byte);

/* => whether a read of `max` bytes has something to answer now; for raw mode with the bytes that
 * MIN asks for. */
bool tty_is_readable(const struct tty *tty, uint32_t max);

/* Take up to `max` bytes, a line at most in canonical mode. => how many; 0: end of file. */
uint32_t tty_read(struct tty *tty, uint8_t *bytes, uint32_t max);

/* Queue output. => how many bytes of `bytes` were taken. */
uint32_t tty_write(struct tty *tty, const uint8_t *bytes, uint32_t len);

/* The next output bytes that lie in a row (0: none, or stopped), and that `n` of them have gone. */
uint32_t tty_output(const struct tty *tty, const uint8_t **bytes);
void tty_sent(struct tty *tty, uint32_t n);

void tty_set_termios(struct tty *tty, const struct fs_termios *termios);
void tty_flush(struct tty *tty, bool input, bool output);

#endif
