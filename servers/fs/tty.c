/* The terminal's line discipline: editing, echo, signals, output conversion. */
#include <servers/fs/tty.h>
#include <signal.h>

#define DEL 0x7f
#define BELL 7
#define ECHO_ROOM 256u /* output that one key may cause at most */
#define REDRAWN 64u    /* a killed line up to so long is wiped; a longer one is left behind */

void tty_init(struct tty *tty)
{
    *tty = (struct tty){
        .termios = {
            .iflag = FS_I_ICRNL | FS_I_IXON,
            .oflag = FS_O_OPOST | FS_O_ONLCR,
            .lflag = FS_L_ISIG | FS_L_ICANON | FS_L_ECHO | FS_L_ECHOE | FS_L_ECHOK | FS_L_IEXTEN,
            .cc = {[FS_CC_INTR] = 3, [FS_CC_QUIT] = 28, [FS_CC_ERASE] = DEL, [FS_CC_KILL] = 21,
                   [FS_CC_EOF] = 4, [FS_CC_SUSP] = 26, [FS_CC_START] = 17, [FS_CC_STOP] = 19,
                   [FS_CC_MIN] = 1},
        },
        .winsize = {.rows = 24, .cols = 80},
    };
}

static bool has_lflag(const struct tty *tty, uint32_t flag)
{
    return tty->termios.lflag & flag;
}

static bool is_cc(const struct tty *tty, enum fs_tty_cc which, uint8_t byte)
{
    return byte != 0 && tty->termios.cc[which] == byte;
}

/* --- output ---------------------------------------------------------------------------------- */

static void out_byte(struct tty *tty, uint8_t byte)
{
    if (tty->out_len < TTY_OUT)
        tty->out[(tty->out_get + tty->out_len++) % TTY_OUT] = byte;
}

static void out_processed(struct tty *tty, uint8_t byte)
{
    uint32_t both = FS_O_OPOST | FS_O_ONLCR;
    if (byte == '\n' && (tty->termios.oflag & both) == both)
        out_byte(tty, '\r');
    out_byte(tty, byte);
}

uint32_t tty_write(struct tty *tty, const uint8_t *bytes, uint32_t len)
{
    uint32_t n = 0;
    while (n < len && TTY_OUT - tty->out_len >= 2)
        out_processed(tty, bytes[n++]);
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

/* --- echo ------------------------------------------------------------------------------------ */

static bool is_control(uint8_t byte)
{
    return (byte < ' ' && byte != '\t' && byte != '\n') || byte == DEL;
}

static void echo(struct tty *tty, uint8_t byte)
{
    bool newline = byte == '\n' && has_lflag(tty, FS_L_ECHONL) && has_lflag(tty, FS_L_ICANON);
    if (!has_lflag(tty, FS_L_ECHO) && !newline)
        return;
    if (is_control(byte)) {
        out_byte(tty, '^');
        out_byte(tty, byte ^ 0x40);
    } else {
        out_processed(tty, byte);
    }
}

static void echo_erase(struct tty *tty, uint8_t byte)
{
    if (!has_lflag(tty, FS_L_ECHO) || !has_lflag(tty, FS_L_ECHOE))
        return;
    for (int i = is_control(byte) ? 2 : 1; i > 0; i--) {
        out_byte(tty, '\b');
        out_byte(tty, ' ');
        out_byte(tty, '\b');
    }
}

/* --- the input queue ------------------------------------------------------------------------- */

static void in_put(struct tty *tty, uint16_t entry)
{
    tty->in[(tty->in_get + tty->in_len++) % TTY_IN] = entry;
    tty->nlines += (entry & (TTY_LINE | TTY_EOF)) != 0;
}

static uint16_t in_take(struct tty *tty)
{
    uint16_t entry = tty->in[tty->in_get];
    tty->in_get = (tty->in_get + 1) % TTY_IN;
    tty->in_len--;
    tty->nlines -= (entry & (TTY_LINE | TTY_EOF)) != 0;
    return entry;
}

static uint8_t in_drop_last(struct tty *tty)
{
    tty->nedit--;
    return (uint8_t)tty->in[(tty->in_get + --tty->in_len) % TTY_IN];
}

void tty_flush(struct tty *tty, bool input, bool output)
{
    if (input)
        tty->in_len = tty->nedit = tty->nlines = 0;
    if (output)
        tty->out_len = 0;
}

bool tty_accepts(const struct tty *tty)
{
    if (TTY_OUT - tty->out_len < ECHO_ROOM)
        return tty->is_stopped; /* else ^Q would not get through */
    bool has_room = TTY_IN - tty->in_len >= 2;
    return has_room || (has_lflag(tty, FS_L_ICANON) && tty->nlines == 0);
}

/* --- editing --------------------------------------------------------------------------------- */

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Take back one character, all bytes of it in UTF-8. */
static void erase(struct tty *tty)
{
    if (tty->nedit == 0)
        return;
    uint8_t byte = in_drop_last(tty);
    while (is_continuation(byte) && tty->nedit > 0)
        byte = in_drop_last(tty);
    echo_erase(tty, byte);
}

static void kill_line(struct tty *tty)
{
    bool wipe = has_lflag(tty, FS_L_ECHOE) && tty->nedit <= REDRAWN / 2;
    while (wipe && tty->nedit > 0)
        erase(tty);
    tty->in_len -= tty->nedit;
    tty->nedit = 0;
    if (!wipe && has_lflag(tty, FS_L_ECHOK))
        echo(tty, '\n');
}

static void end_line(struct tty *tty, uint16_t entry)
{
    in_put(tty, entry);
    tty->nedit = 0;
}

static void edit(struct tty *tty, uint8_t byte)
{
    if (is_cc(tty, FS_CC_ERASE, byte)) {
        erase(tty);
    } else if (is_cc(tty, FS_CC_KILL, byte)) {
        kill_line(tty);
    } else if (is_cc(tty, FS_CC_EOF, byte)) {
        end_line(tty, TTY_EOF);
    } else if (byte == '\n' || is_cc(tty, FS_CC_EOL, byte)) {
        echo(tty, byte);
        end_line(tty, TTY_LINE | byte);
    } else if (TTY_IN - tty->in_len > 1) { /* the last place is for the line's end */
        echo(tty, byte);
        in_put(tty, byte);
        tty->nedit++;
    } else {
        out_byte(tty, BELL);
    }
}

static int key_signal(struct tty *tty, uint8_t byte)
{
    int signal = is_cc(tty, FS_CC_INTR, byte) ? SIGINT
               : is_cc(tty, FS_CC_QUIT, byte) ? SIGQUIT
               : is_cc(tty, FS_CC_SUSP, byte) ? SIGTSTP : 0;
    if (signal == 0 || !has_lflag(tty, FS_L_ISIG))
        return 0;
    if (!has_lflag(tty, FS_L_NOFLSH))
        tty_flush(tty, true, false);
    tty->is_stopped = false;
    echo(tty, byte);
    return signal;
}

/* ^S and ^Q. => whether the byte was one of them. */
static bool flow(struct tty *tty, uint8_t byte)
{
    if (!(tty->termios.iflag & FS_I_IXON))
        return false;
    if (is_cc(tty, FS_CC_STOP, byte) || is_cc(tty, FS_CC_START, byte)) {
        tty->is_stopped = is_cc(tty, FS_CC_STOP, byte);
        return true;
    }
    return false;
}

/* => the byte as the input flags turn it, or -1: ignored. */
static int map_input(const struct tty *tty, uint8_t byte)
{
    uint32_t iflag = tty->termios.iflag;
    if (iflag & FS_I_ISTRIP)
        byte &= 0x7f;
    if (byte == '\r')
        return iflag & FS_I_IGNCR ? -1 : iflag & FS_I_ICRNL ? '\n' : '\r';
    if (byte == '\n' && iflag & FS_I_INLCR)
        return '\r';
    return byte;
}

int tty_input(struct tty *tty, uint8_t raw)
{
    int byte = map_input(tty, raw);
    if (byte < 0 || flow(tty, (uint8_t)byte))
        return 0;
    int signal = key_signal(tty, (uint8_t)byte);
    if (signal)
        return signal;
    if (has_lflag(tty, FS_L_ICANON)) {
        edit(tty, (uint8_t)byte);
    } else if (tty->in_len < TTY_IN) {
        echo(tty, (uint8_t)byte);
        in_put(tty, (uint8_t)byte);
    }
    return 0;
}

/* --- reading --------------------------------------------------------------------------------- */

bool tty_is_readable(const struct tty *tty, uint32_t max)
{
    if (tty->is_hung_up)
        return true;
    if (has_lflag(tty, FS_L_ICANON))
        return tty->nlines > 0;
    uint32_t min = tty->termios.cc[FS_CC_MIN];
    min = min < max ? min : max;
    return tty->in_len >= (min ? min : 1);
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
    if (has_lflag(tty, FS_L_ICANON))
        return read_line(tty, bytes, max);
    uint32_t n = 0;
    while (n < max && tty->in_len > 0) {
        uint16_t entry = in_take(tty);
        if (!(entry & TTY_EOF))
            bytes[n++] = (uint8_t)entry;
    }
    return n;
}

void tty_set_termios(struct tty *tty, const struct fs_termios *termios)
{
    bool was_canonical = has_lflag(tty, FS_L_ICANON);
    tty->termios = *termios;
    if (was_canonical == has_lflag(tty, FS_L_ICANON))
        return;
    tty->nedit = 0;
    if (was_canonical || tty->in_len == 0)
        return;
    uint16_t *last = &tty->in[(tty->in_get + tty->in_len - 1) % TTY_IN];
    tty->nlines += (*last & (TTY_LINE | TTY_EOF)) == 0;
    *last |= TTY_LINE; /* what was typed before can be read as a line */
}
