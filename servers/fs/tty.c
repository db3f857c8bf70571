/* The terminal's queues: output with its conversions, reading in both modes, settings. */
#include <servers/fs/tty.h>

#define ECHO_ROOM 1024u  /* output kept free for what a key may cause */
#define CONVERTED 8u     /* bytes that one byte of output becomes at most */
#define SPEED 115200u

void tty_init(struct tty *tty)
{
    *tty = (struct tty){
        .termios = {
            .iflag = FS_I_ICRNL | FS_I_IXON | FS_I_IMAXBEL | FS_I_IUTF8,
            .oflag = FS_O_OPOST | FS_O_ONLCR,
            .cflag = FS_C_CS8 | FS_C_CREAD | FS_C_HUPCL,
            .lflag = FS_L_ISIG | FS_L_ICANON | FS_L_ECHO | FS_L_ECHOE | FS_L_ECHOK | FS_L_IEXTEN
                     | FS_L_ECHOCTL | FS_L_ECHOKE,
            .cc = {[FS_CC_INTR] = 3, [FS_CC_QUIT] = 28, [FS_CC_ERASE] = 127, [FS_CC_KILL] = 21,
                   [FS_CC_EOF] = 4, [FS_CC_SUSP] = 26, [FS_CC_START] = 17, [FS_CC_STOP] = 19,
                   [FS_CC_MIN] = 1, [FS_CC_WERASE] = 23, [FS_CC_REPRINT] = 18, [FS_CC_LNEXT] = 22},
            .ispeed = SPEED,
            .ospeed = SPEED,
        },
        .winsize = {.rows = 24, .cols = 80},
    };
}

/* --- output ---------------------------------------------------------------------------------- */

static uint32_t next_tab(uint32_t column)
{
    return (column | 7) + 1;
}

/* The column after `byte` at `column`. */
static uint32_t column_after(const struct tty *tty, uint32_t column, uint8_t byte)
{
    switch (byte) {
    case '\r':
        return 0;
    case '\n':
        return tty->termios.oflag & FS_O_ONLRET ? 0 : column;
    case '\b':
        return column > 0 ? column - 1 : 0;
    case '\t':
        return next_tab(column);
    default:
        return byte < ' ' || byte == 127 || (byte & 0xc0) == 0x80 ? column : column + 1;
    }
}

void tty_out(struct tty *tty, uint8_t byte)
{
    if (tty->out_len == TTY_OUT)
        return;
    tty->column = column_after(tty, tty->column, byte);
    tty->out[(tty->out_get + tty->out_len++) % TTY_OUT] = byte;
}

static void out_tab(struct tty *tty)
{
    if ((tty->termios.oflag & FS_O_TABDLY) != FS_O_TAB3) {
        tty_out(tty, '\t');
        return;
    }
    for (uint32_t n = next_tab(tty->column) - tty->column; n > 0; n--)
        tty_out(tty, ' ');
}

void tty_out_processed(struct tty *tty, uint8_t byte)
{
    uint32_t oflag = tty->termios.oflag;
    if (!(oflag & FS_O_OPOST)) {
        tty_out(tty, byte);
        return;
    }
    if (byte == '\t') {
        out_tab(tty);
        return;
    }
    if (byte == '\r' && oflag & FS_O_ONOCR && tty->column == 0)
        return;
    if (byte == '\n' && oflag & FS_O_ONLCR)
        tty_out(tty, '\r');
    tty_out(tty, byte == '\r' && oflag & FS_O_OCRNL ? '\n' : byte);
}

bool tty_is_writable(const struct tty *tty)
{
    return TTY_OUT - tty->out_len >= CONVERTED;
}

uint32_t tty_write(struct tty *tty, const uint8_t *bytes, uint32_t len)
{
    uint32_t n = 0;
    while (n < len && tty_is_writable(tty))
        tty_out_processed(tty, bytes[n++]);
    return n;
}

uint32_t tty_output(const struct tty *tty, const uint8_t **bytes)
{
    uint32_t in_row = TTY_OUT - tty->out_get;
    *bytes = tty->out + tty->out_get;
    if (tty->is_stopped)
        return 0;
    return tty->out_len < in_row ? tty->out_len : in_row;
}

void tty_sent(struct tty *tty, uint32_t n)
{
    tty->out_get = (tty->out_get + n) % TTY_OUT;
    tty->out_len -= n;
}

void tty_send_flow(struct tty *tty, bool is_stop)
{
    uint8_t byte = tty->termios.cc[is_stop ? FS_CC_STOP : FS_CC_START];
    if (byte)
        tty_out(tty, byte);
}

/* --- the input queue ------------------------------------------------------------------------- */

static bool ends_line(uint16_t entry)
{
    return entry & (TTY_LINE | TTY_EOF);
}

static uint16_t *entry_at(struct tty *tty, uint32_t i)
{
    return &tty->in[(tty->in_get + i) % TTY_IN];
}

/* IXOFF: ask the other side to pause when the queue fills, to go on when it has emptied. */
static void throttle(struct tty *tty)
{
    bool is_full = tty->in_len > TTY_IN / 4 * 3, is_low = tty->in_len < TTY_IN / 4;
    if (!(tty->termios.iflag & FS_I_IXOFF) || (tty->is_throttled ? !is_low : !is_full))
        return;
    tty->is_throttled = !tty->is_throttled;
    tty_send_flow(tty, tty->is_throttled);
}

void tty_in(struct tty *tty, uint16_t entry)
{
    *entry_at(tty, tty->in_len++) = entry;
    tty->nlines += ends_line(entry);
    throttle(tty);
}

static uint16_t in_take(struct tty *tty)
{
    uint16_t entry = tty->in[tty->in_get];
    tty->in_get = (tty->in_get + 1) % TTY_IN;
    tty->in_len--;
    tty->nlines -= ends_line(entry);
    return entry;
}

uint8_t tty_in_drop_last(struct tty *tty)
{
    tty->nedit--;
    return (uint8_t)*entry_at(tty, --tty->in_len);
}

void tty_flush(struct tty *tty, bool input, bool output)
{
    if (input) {
        tty->in_len = tty->nedit = tty->nlines = 0;
        throttle(tty);
    }
    if (output)
        tty->out_len = 0;
}

bool tty_accepts(const struct tty *tty)
{
    if (TTY_OUT - tty->out_len < ECHO_ROOM)
        return tty->is_stopped; /* else ^Q would not get through */
    return TTY_IN - tty->in_len >= 2 || tty_has(tty, FS_L_ICANON) || tty_has(tty, FS_L_ISIG);
}

/* --- reading --------------------------------------------------------------------------------- */

bool tty_is_readable(const struct tty *tty, uint32_t max)
{
    if (tty->is_hung_up)
        return true;
    if (tty_has(tty, FS_L_ICANON))
        return tty->nlines > 0;
    uint32_t min = tty->termios.cc[FS_CC_MIN];
    min = min < max ? min : max;
    return tty->in_len >= (min ? min : 1);
}

uint32_t tty_pending(const struct tty *tty)
{
    if (!tty_has(tty, FS_L_ICANON))
        return tty->in_len;
    for (uint32_t n = 0; n < tty->in_len; n++) {
        uint16_t entry = tty->in[(tty->in_get + n) % TTY_IN];
        if (ends_line(entry))
            return n + !(entry & TTY_EOF);
    }
    return 0;
}

static uint32_t read_line(struct tty *tty, uint8_t *bytes, uint32_t max)
{
    uint32_t n = 0;
    while (n < max && tty->nlines > 0) {
        uint16_t entry = in_take(tty);
        if (entry & TTY_EOF)
            return n;
        bytes[n++] = (uint8_t)entry;
        if (entry & TTY_LINE)
            return n;
    }
    if (n > 0 && tty->nlines > 0 && tty->in[tty->in_get] & TTY_EOF)
        in_take(tty); /* it ended what was just read */
    return n;
}

uint32_t tty_read(struct tty *tty, uint8_t *bytes, uint32_t max)
{
    uint32_t n = 0;
    if (tty_has(tty, FS_L_ICANON))
        n = read_line(tty, bytes, max);
    else
        while (n < max && tty->in_len > 0)
            bytes[n++] = (uint8_t)in_take(tty);
    throttle(tty);
    return n;
}

/* --- settings -------------------------------------------------------------------------------- */

/* Lines become bytes: an end of file among them is none any more. */
static void become_raw(struct tty *tty)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < tty->in_len; i++)
        if (!(*entry_at(tty, i) & TTY_EOF))
            *entry_at(tty, n++) = *entry_at(tty, i) & 0xff;
    tty->in_len = n;
    tty->nlines = 0;
}

/* What was typed before can be read as a line. */
static void become_canonical(struct tty *tty)
{
    if (tty->in_len > 0) {
        *entry_at(tty, tty->in_len - 1) |= TTY_LINE;
        tty->nlines = 1;
    }
}

void tty_set_termios(struct tty *tty, const struct fs_termios *termios)
{
    bool was_canonical = tty_has(tty, FS_L_ICANON);
    struct fs_termios *t = &tty->termios;
    *t = *termios;
    t->cflag = FS_C_CS8 | (t->cflag & (FS_C_CREAD | FS_C_HUPCL | FS_C_CLOCAL));
    t->ispeed = t->ispeed ? t->ispeed : t->ospeed;
    if (!(t->iflag & FS_I_IXON))
        tty->is_stopped = false;
    if (was_canonical == tty_has(tty, FS_L_ICANON))
        return;
    tty->nedit = 0;
    tty->is_literal = false;
    if (was_canonical)
        become_raw(tty);
    else
        become_canonical(tty);
}
