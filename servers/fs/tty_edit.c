/* What keys do: signals, flow control, and the editing of a line with its echo. */
#include <servers/fs/tty.h>
#include <signal.h>

#define DEL 0x7f
#define BELL 7
#define CONTROL(c) ((c) ^ 0x40)
#define WIPED 160u    /* a killed line of so many bytes is wiped; a longer one is left behind */
#define REPRINTED 512u /* of a line that is printed again, its last bytes */

static bool is_cc(const struct tty *tty, enum fs_tty_cc which, uint8_t byte)
{
    return byte != 0 && tty->termios.cc[which] == byte;
}

/* One of the keys that are none unless IEXTEN is set. */
static bool is_extended(const struct tty *tty, enum fs_tty_cc which, uint8_t byte)
{
    return tty_has(tty, FS_L_IEXTEN) && is_cc(tty, which, byte);
}

static void bell(struct tty *tty)
{
    if (tty->termios.iflag & FS_I_IMAXBEL)
        tty_out(tty, BELL);
}

/* --- echo ------------------------------------------------------------------------------------ */

static bool is_control(uint8_t byte)
{
    return (byte < ' ' && byte != '\t' && byte != '\n') || byte == DEL;
}

static void echo(struct tty *tty, uint8_t byte)
{
    bool newline = byte == '\n' && tty_has(tty, FS_L_ECHONL | FS_L_ICANON);
    if (!tty_has(tty, FS_L_ECHO) && !newline)
        return;
    if (is_control(byte) && tty_has(tty, FS_L_ECHOCTL)) {
        tty_out(tty, '^');
        tty_out(tty, CONTROL(byte));
    } else {
        tty_out_processed(tty, byte);
    }
}

/* The column that the echo of `byte` at `column` leads to. */
static uint32_t echo_column(const struct tty *tty, uint32_t column, uint8_t byte)
{
    bool is_inner = (byte & 0xc0) == 0x80 && tty->termios.iflag & FS_I_IUTF8;
    if (byte == '\t')
        return (column | 7) + 1;
    if (is_control(byte) || byte == '\n')
        return column + (tty_has(tty, FS_L_ECHOCTL) ? 2 : 0);
    return is_inner ? column : column + 1;
}

/* Where the echo of the line being typed ends. */
static uint32_t line_column(const struct tty *tty)
{
    uint32_t column = tty->edit_column, first = tty->in_get + tty->in_len - tty->nedit;
    for (uint32_t i = 0; i < tty->nedit; i++)
        column = echo_column(tty, column, (uint8_t)tty->in[(first + i) % TTY_IN]);
    return column;
}

static void echo_erase(struct tty *tty, uint8_t byte)
{
    uint32_t column = line_column(tty), end = echo_column(tty, column, byte);
    if (!tty_has(tty, FS_L_ECHO | FS_L_ECHOE))
        return;
    for (; end > column; end--) {
        tty_out(tty, '\b');
        if (byte == '\t')
            continue;
        tty_out(tty, ' ');
        tty_out(tty, '\b');
    }
}

/* --- editing --------------------------------------------------------------------------------- */

static bool is_continuation(const struct tty *tty, uint8_t byte)
{
    return tty->termios.iflag & FS_I_IUTF8 && (byte & 0xc0) == 0x80;
}

/* Take back one character, all bytes of it in UTF-8. */
static void erase(struct tty *tty)
{
    if (tty->nedit == 0)
        return;
    uint8_t byte = tty_in_drop_last(tty);
    while (is_continuation(tty, byte) && tty->nedit > 0)
        byte = tty_in_drop_last(tty);
    echo_erase(tty, byte);
}

static uint8_t last_typed(const struct tty *tty)
{
    return (uint8_t)tty->in[(tty->in_get + tty->in_len - 1) % TTY_IN];
}

static bool ends_blank(const struct tty *tty)
{
    return last_typed(tty) == ' ' || last_typed(tty) == '\t';
}

static void erase_word(struct tty *tty)
{
    while (tty->nedit > 0 && ends_blank(tty))
        erase(tty);
    while (tty->nedit > 0 && !ends_blank(tty))
        erase(tty);
}

static void kill_line(struct tty *tty, uint8_t key)
{
    bool wipe = tty_has(tty, FS_L_ECHOE | FS_L_ECHOKE) && tty->nedit <= WIPED;
    while (wipe && tty->nedit > 0)
        erase(tty);
    tty->in_len -= tty->nedit;
    tty->nedit = 0;
    if (wipe)
        return;
    echo(tty, key);
    if (tty_has(tty, FS_L_ECHOK))
        echo(tty, '\n');
}

static void reprint(struct tty *tty, uint8_t key)
{
    uint32_t n = tty->nedit < REPRINTED ? tty->nedit : REPRINTED;
    echo(tty, key);
    echo(tty, '\n');
    tty->edit_column = tty->column;
    for (uint32_t i = tty->in_len - n; i < tty->in_len; i++)
        echo(tty, (uint8_t)tty->in[(tty->in_get + i) % TTY_IN]);
}

/* A byte of the line; the queue's last place is kept for the line's end. */
static void type(struct tty *tty, uint8_t byte)
{
    if (TTY_IN - tty->in_len <= 1) {
        bell(tty);
        return;
    }
    if (tty->nedit == 0)
        tty->edit_column = tty->column;
    echo(tty, byte);
    tty_in(tty, byte);
    tty->nedit++;
}

static void end_line(struct tty *tty, uint16_t entry)
{
    if (tty->in_len == TTY_IN) {
        bell(tty);
        return;
    }
    if (!(entry & TTY_EOF))
        echo(tty, (uint8_t)entry);
    tty_in(tty, entry);
    tty->nedit = 0;
}

static bool is_end_of_line(const struct tty *tty, uint8_t byte)
{
    return byte == '\n' || is_cc(tty, FS_CC_EOL, byte) || is_extended(tty, FS_CC_EOL2, byte);
}

static void edit(struct tty *tty, uint8_t byte)
{
    if (is_cc(tty, FS_CC_ERASE, byte))
        erase(tty);
    else if (is_cc(tty, FS_CC_KILL, byte))
        kill_line(tty, byte);
    else if (is_extended(tty, FS_CC_WERASE, byte))
        erase_word(tty);
    else if (is_extended(tty, FS_CC_REPRINT, byte))
        reprint(tty, byte);
    else if (is_cc(tty, FS_CC_EOF, byte))
        end_line(tty, TTY_EOF);
    else if (is_end_of_line(tty, byte))
        end_line(tty, TTY_LINE | byte);
    else
        type(tty, byte);
}

/* A byte for raw mode. */
static void take(struct tty *tty, uint8_t byte)
{
    if (tty->in_len == TTY_IN) {
        bell(tty);
        return;
    }
    echo(tty, byte);
    tty_in(tty, byte);
}

/* --- keys ------------------------------------------------------------------------------------ */

static int key_signal(struct tty *tty, uint8_t byte)
{
    int signal = is_cc(tty, FS_CC_INTR, byte) ? SIGINT
               : is_cc(tty, FS_CC_QUIT, byte) ? SIGQUIT
               : is_cc(tty, FS_CC_SUSP, byte) ? SIGTSTP : 0;
    if (signal == 0 || !tty_has(tty, FS_L_ISIG))
        return 0;
    if (!tty_has(tty, FS_L_NOFLSH))
        tty_flush(tty, true, true);
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
        bool is_toggle = tty->termios.cc[FS_CC_STOP] == tty->termios.cc[FS_CC_START];
        tty->is_stopped = is_toggle ? !tty->is_stopped : is_cc(tty, FS_CC_STOP, byte);
        return true;
    }
    if (tty->termios.iflag & FS_I_IXANY)
        tty->is_stopped = false;
    return false;
}

/* ^V: the next key is data. => whether the byte was it. */
static bool announces_literal(struct tty *tty, uint8_t byte)
{
    if (!tty_has(tty, FS_L_ICANON) || !is_extended(tty, FS_CC_LNEXT, byte))
        return false;
    tty->is_literal = true;
    if (tty_has(tty, FS_L_ECHO | FS_L_ECHOCTL)) {
        tty_out(tty, '^');
        tty_out(tty, '\b');
    }
    return true;
}

/* => the byte as the input flags turn it, or -1: ignored. */
static int map_input(const struct tty *tty, uint8_t byte)
{
    uint32_t iflag = tty->termios.iflag;
    if (byte == '\r')
        return iflag & FS_I_IGNCR ? -1 : iflag & FS_I_ICRNL ? '\n' : '\r';
    if (byte == '\n' && iflag & FS_I_INLCR)
        return '\r';
    return byte;
}

static void take_or_edit(struct tty *tty, uint8_t byte)
{
    if (tty_has(tty, FS_L_ICANON))
        edit(tty, byte);
    else
        take(tty, byte);
}

int tty_input(struct tty *tty, uint8_t raw)
{
    uint32_t iflag = tty->termios.iflag;
    if (!(tty->termios.cflag & FS_C_CREAD))
        return 0;
    if (iflag & FS_I_ISTRIP)
        raw &= 0x7f;
    if (tty->is_literal) {
        tty->is_literal = false;
        type(tty, raw);
        return 0;
    }
    int byte = map_input(tty, raw);
    if (byte < 0 || flow(tty, (uint8_t)byte))
        return 0;
    int signal = key_signal(tty, (uint8_t)byte);
    if (signal || announces_literal(tty, (uint8_t)byte))
        return signal;
    if (byte == 0xff && iflag & FS_I_PARMRK) /* 0xff alone would mark an error */
        take_or_edit(tty, (uint8_t)byte);
    take_or_edit(tty, (uint8_t)byte);
    return 0;
}
