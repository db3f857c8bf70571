/* stty [-a|-g] [-F DEVICE] [SETTING...]: what a terminal is set to (standard input, unless -F), and to set
 * it (POSIX, "stty" utility). -a says all, -g in a form that stty takes back; without either only what
 * differs from "sane". */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "apps/common/app.h"

#define LINE_WIDTH 80
#define DISABLED _POSIX_VDISABLE

enum place { CFLAG, IFLAG, OFLAG, LFLAG };
enum sense { OFF, ON, ANY }; /* what "sane" makes of it */

static const struct mode {
    const char *name;
    enum place place;
    tcflag_t bits, mask; /* mask: of a field with more than two values; 0: a single bit */
    enum sense sane;
} modes[] = {
    {"parenb", CFLAG, PARENB, 0, ANY},    {"parodd", CFLAG, PARODD, 0, ANY},
    {"cs5", CFLAG, CS5, CSIZE, ANY},      {"cs6", CFLAG, CS6, CSIZE, ANY},
    {"cs7", CFLAG, CS7, CSIZE, ANY},      {"cs8", CFLAG, CS8, CSIZE, ANY},
    {"hupcl", CFLAG, HUPCL, 0, ANY},      {"cstopb", CFLAG, CSTOPB, 0, ANY},
    {"cread", CFLAG, CREAD, 0, ON},       {"clocal", CFLAG, CLOCAL, 0, ANY},
    {"ignbrk", IFLAG, IGNBRK, 0, OFF},    {"brkint", IFLAG, BRKINT, 0, ON},
    {"ignpar", IFLAG, IGNPAR, 0, ANY},    {"parmrk", IFLAG, PARMRK, 0, ANY},
    {"inpck", IFLAG, INPCK, 0, ANY},      {"istrip", IFLAG, ISTRIP, 0, ANY},
    {"inlcr", IFLAG, INLCR, 0, OFF},      {"igncr", IFLAG, IGNCR, 0, OFF},
    {"icrnl", IFLAG, ICRNL, 0, ON},       {"ixon", IFLAG, IXON, 0, ON},
    {"ixoff", IFLAG, IXOFF, 0, OFF},      {"ixany", IFLAG, IXANY, 0, OFF},
    {"imaxbel", IFLAG, IMAXBEL, 0, ON},   {"iutf8", IFLAG, IUTF8, 0, ANY},
    {"opost", OFLAG, OPOST, 0, ON},       {"onlcr", OFLAG, ONLCR, 0, ON},
    {"ocrnl", OFLAG, OCRNL, 0, OFF},      {"onocr", OFLAG, ONOCR, 0, OFF},
    {"onlret", OFLAG, ONLRET, 0, OFF},    {"ofill", OFLAG, OFILL, 0, OFF},
    {"ofdel", OFLAG, OFDEL, 0, OFF},      {"nl0", OFLAG, NL0, NLDLY, ON},
    {"nl1", OFLAG, NL1, NLDLY, OFF},      {"cr0", OFLAG, CR0, CRDLY, ON},
    {"cr1", OFLAG, CR1, CRDLY, OFF},      {"cr2", OFLAG, CR2, CRDLY, OFF},
    {"cr3", OFLAG, CR3, CRDLY, OFF},      {"tab0", OFLAG, TAB0, TABDLY, ON},
    {"tab1", OFLAG, TAB1, TABDLY, OFF},   {"tab2", OFLAG, TAB2, TABDLY, OFF},
    {"tab3", OFLAG, TAB3, TABDLY, OFF},   {"bs0", OFLAG, BS0, BSDLY, ON},
    {"bs1", OFLAG, BS1, BSDLY, OFF},      {"vt0", OFLAG, VT0, VTDLY, ON},
    {"vt1", OFLAG, VT1, VTDLY, OFF},      {"ff0", OFLAG, FF0, FFDLY, ON},
    {"ff1", OFLAG, FF1, FFDLY, OFF},      {"isig", LFLAG, ISIG, 0, ON},
    {"icanon", LFLAG, ICANON, 0, ON},     {"iexten", LFLAG, IEXTEN, 0, ON},
    {"echo", LFLAG, ECHO, 0, ON},         {"echoe", LFLAG, ECHOE, 0, ON},
    {"echok", LFLAG, ECHOK, 0, ON},       {"echonl", LFLAG, ECHONL, 0, OFF},
    {"noflsh", LFLAG, NOFLSH, 0, OFF},    {"tostop", LFLAG, TOSTOP, 0, OFF},
    {"echoctl", LFLAG, ECHOCTL, 0, ON},   {"echoke", LFLAG, ECHOKE, 0, ON},
};

static const struct character {
    const char *name;
    int index;
    cc_t sane;
} characters[] = {
    {"intr", VINTR, 3},        {"quit", VQUIT, 28},        {"erase", VERASE, 127},
    {"kill", VKILL, 21},       {"eof", VEOF, 4},           {"eol", VEOL, DISABLED},
    {"eol2", VEOL2, DISABLED}, {"start", VSTART, 17},      {"stop", VSTOP, 19},
    {"susp", VSUSP, 26},       {"rprnt", VREPRINT, 18},    {"werase", VWERASE, 23},
    {"lnext", VLNEXT, 22},
};

static const struct {
    const char *name;
    speed_t code;
} speeds[] = {
    {"0", B0},         {"50", B50},       {"75", B75},         {"110", B110},     {"134", B134},
    {"150", B150},     {"200", B200},     {"300", B300},       {"600", B600},     {"1200", B1200},
    {"1800", B1800},   {"2400", B2400},   {"4800", B4800},     {"9600", B9600},   {"19200", B19200},
    {"38400", B38400}, {"57600", B57600}, {"115200", B115200}, {"230400", B230400},
};

/* Settings that are several others. */
static const struct {
    const char *name, *words;
} shorthands[] = {
    {"evenp", "parenb -parodd cs7"},
    {"parity", "parenb -parodd cs7"},
    {"oddp", "parenb parodd cs7"},
    {"-evenp", "-parenb cs8"},
    {"-parity", "-parenb cs8"},
    {"-oddp", "-parenb cs8"},
    {"nl", "-icrnl -onlcr"},
    {"-nl", "icrnl -inlcr -igncr onlcr -ocrnl -onlret"},
    {"ek", "erase ^? kill ^u"},
    {"tabs", "tab0"},
    {"-tabs", "tab3"},
    {"raw", "-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr -icrnl -ixon -ixoff -ixany "
            "-imaxbel -opost -isig -icanon min 1 time 0"},
    {"-raw", "brkint ignpar istrip icrnl ixon opost isig icanon eof ^d eol ^-"},
    {"cooked", "brkint ignpar istrip icrnl ixon opost isig icanon eof ^d eol ^-"},
    {"-cooked", "raw"},
    {"cbreak", "-icanon"},
    {"-cbreak", "icanon"},
    {"pass8", "-parenb -istrip cs8"},
    {"-pass8", "parenb istrip cs7"},
    {"crt", "echoe echoctl echoke"},
    {"dec", "echoe echoctl echoke -ixany intr ^c erase ^? kill ^u"},
    {"hup", "hupcl"},
    {"-hup", "-hupcl"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int fd; /* of the terminal */
static const char *device = "standard input";
static struct termios terminal;
static size_t column; /* of the output */

static void apply(char **words);

static _Noreturn void refuse(const char *word)
{
    app_say("%s: not a setting, or its value is missing or wrong", word);
    app_quit();
}

static tcflag_t *flags_at(enum place place)
{
    return place == CFLAG   ? &terminal.c_cflag
           : place == IFLAG ? &terminal.c_iflag
           : place == OFLAG ? &terminal.c_oflag
                            : &terminal.c_lflag;
}

static bool is_on(const struct mode *mode)
{
    return (*flags_at(mode->place) & (mode->mask ? mode->mask : mode->bits)) == mode->bits;
}

static void set_mode(const struct mode *mode, bool on)
{
    tcflag_t *flags = flags_at(mode->place);

    *flags &= ~(mode->mask ? mode->mask : mode->bits);
    if (on)
        *flags |= mode->bits;
}

static bool try_mode(const char *word)
{
    bool on = *word != '-';

    for (size_t i = 0; i < COUNT(modes); i++)
        if (!strcmp(modes[i].name, word + !on) && (on || !modes[i].mask)) {
            set_mode(&modes[i], on);
            return true;
        }
    return false;
}

static void make_sane(void)
{
    for (size_t i = 0; i < COUNT(modes); i++)
        if (modes[i].sane != ANY && (modes[i].sane == ON || !modes[i].mask))
            set_mode(&modes[i], modes[i].sane == ON);
    for (size_t i = 0; i < COUNT(characters); i++)
        terminal.c_cc[characters[i].index] = characters[i].sane;
}

/* ^c, ^? (delete), ^- and undef (none), a character, or its number. */
static cc_t parse_character(const char *text)
{
    char *end;
    unsigned long value;

    if (!strcmp(text, "^-") || !strcmp(text, "undef"))
        return DISABLED;
    if (text[0] && !text[1])
        return (cc_t)text[0];
    if (text[0] == '^' && !text[2])
        return text[1] == '?' ? 127 : (cc_t)text[1] & 31;
    value = strtoul(text, &end, 0);
    if (*end || !*text || value > 255)
        refuse(text);
    return (cc_t)value;
}

static long parse_number(const char *word, const char *text)
{
    long value;

    if (!text || !app_number(text, &value) || value < 0 || value > 65535)
        refuse(word);
    return value;
}

static bool try_character(const char *word, const char *value)
{
    for (size_t i = 0; i < COUNT(characters); i++)
        if (!strcmp(characters[i].name, word)) {
            if (!value)
                refuse(word);
            terminal.c_cc[characters[i].index] = parse_character(value);
            return true;
        }
    if (strcmp(word, "min") && strcmp(word, "time"))
        return false;
    terminal.c_cc[*word == 'm' ? VMIN : VTIME] = (cc_t)parse_number(word, value);
    return true;
}

static const speed_t *find_speed(const char *text)
{
    for (size_t i = 0; text && i < COUNT(speeds); i++)
        if (!strcmp(speeds[i].name, text))
            return &speeds[i].code;
    return NULL;
}

static const char *speed_name(speed_t code)
{
    for (size_t i = 0; i < COUNT(speeds); i++)
        if (speeds[i].code == code)
            return speeds[i].name;
    return "?";
}

static void set_size(bool rows, const char *word, const char *value)
{
    struct winsize size = {0};
    unsigned short number = (unsigned short)parse_number(word, value);

    ioctl(fd, TIOCGWINSZ, &size);
    if (rows)
        size.ws_row = number;
    else
        size.ws_col = number;
    if (ioctl(fd, TIOCSWINSZ, &size)) {
        app_warn("%s", device);
        app_quit();
    }
}

static void show_size(void)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size)) {
        app_warn("%s", device);
        app_quit();
    }
    printf("%u %u\n", size.ws_row, size.ws_col);
}

/* Settings that take a value, and those that print something. => how many words they were; 0: it is none. */
static size_t try_special(const char *word, const char *value)
{
    const speed_t *speed = find_speed(word);

    if (speed)
        return cfsetispeed(&terminal, *speed), cfsetospeed(&terminal, *speed), 1;
    if (!strcmp(word, "ispeed") || !strcmp(word, "ospeed")) {
        speed = find_speed(value);
        if (!speed)
            refuse(word);
        if (*word == 'i')
            cfsetispeed(&terminal, *speed);
        else
            cfsetospeed(&terminal, *speed);
        return 2;
    }
    if (!strcmp(word, "rows") || !strcmp(word, "cols") || !strcmp(word, "columns"))
        return set_size(*word == 'r', word, value), 2;
    if (!strcmp(word, "size"))
        return show_size(), 1;
    if (!strcmp(word, "speed"))
        return puts(speed_name(cfgetospeed(&terminal))), 1;
    if (!strcmp(word, "sane"))
        return make_sane(), 1;
    return 0;
}

static void apply_text(const char *text)
{
    char *words[40], *copy = app_dup(text);
    size_t count = 0;

    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    words[count] = NULL;
    apply(words);
    free(copy);
}

static bool try_shorthand(const char *word)
{
    for (size_t i = 0; i < COUNT(shorthands); i++)
        if (!strcmp(shorthands[i].name, word)) {
            apply_text(shorthands[i].words);
            return true;
        }
    return false;
}

/* What -g printed: numbers with colons between them. */
static bool try_saved(const char *word)
{
    struct termios saved = terminal;
    unsigned flags[4], value;
    int n;

    if (sscanf(word, "%x:%x:%x:%x%n", &flags[0], &flags[1], &flags[2], &flags[3], &n) != 4)
        return false;
    for (int place = 0; place < 4; place++)
        *flags_at((enum place)place) = flags[place];
    for (int i = 0; i < NCCS; i++) {
        word += n;
        if (sscanf(word, ":%x%n", &value, &n) != 1) {
            terminal = saved;
            return false;
        }
        terminal.c_cc[i] = (cc_t)value;
    }
    return !word[n];
}

static void apply(char **words)
{
    while (*words) {
        size_t special;
        if (try_character(words[0], words[1])) {
            words += 2;
        } else if ((special = try_special(words[0], words[1]))) {
            words += special;
        } else if (try_mode(words[0]) || try_shorthand(words[0]) || try_saved(words[0])) {
            words++;
        } else {
            refuse(words[0]);
        }
    }
}

static void end_line(void)
{
    if (column)
        putchar('\n');
    column = 0;
}

/* A word of the output, on a line that has room for it. */
static void show_word(const char *word)
{
    if (column && column + strlen(word) + 1 >= LINE_WIDTH)
        end_line();
    column += (size_t)printf("%s%s", column ? " " : "", word);
}

static void show_character(const struct character *character)
{
    cc_t c = terminal.c_cc[character->index];
    char text[40];

    if (c == DISABLED)
        snprintf(text, sizeof text, "%s = <undef>;", character->name);
    else if (iscntrl(c))
        snprintf(text, sizeof text, "%s = ^%c;", character->name, c ^ 64);
    else
        snprintf(text, sizeof text, isprint(c) ? "%s = %c;" : "%s = %#o;", character->name, c);
    show_word(text);
}

static void show_characters(bool all)
{
    char text[40];

    for (size_t i = 0; i < COUNT(characters); i++)
        if (all || terminal.c_cc[characters[i].index] != characters[i].sane)
            show_character(&characters[i]);
    if (all || !(terminal.c_lflag & ICANON)) {
        snprintf(text, sizeof text, "min = %u; time = %u;", terminal.c_cc[VMIN], terminal.c_cc[VTIME]);
        show_word(text);
    }
    end_line();
}

static void show_modes(bool all)
{
    for (enum place place = CFLAG; place <= LFLAG; place++) {
        for (size_t i = 0; i < COUNT(modes); i++) {
            const struct mode *mode = &modes[i];
            bool on = is_on(mode), insane = mode->sane != ANY && on != (mode->sane == ON);
            char text[20];
            if (mode->place != place || (mode->mask && !on) || !(all || insane))
                continue;
            snprintf(text, sizeof text, "%s%s", on ? "" : "-", mode->name);
            show_word(text);
        }
        end_line();
    }
}

static void show_settings(bool all)
{
    struct winsize size = {0};

    printf("speed %s baud;", speed_name(cfgetospeed(&terminal)));
    if (all && !ioctl(fd, TIOCGWINSZ, &size))
        printf(" rows %u; columns %u;", size.ws_row, size.ws_col);
    putchar('\n');
    show_characters(all);
    show_modes(all);
}

static void show_saved(void)
{
    for (enum place place = CFLAG; place <= LFLAG; place++)
        printf("%s%x", place ? ":" : "", (unsigned)*flags_at(place));
    for (int i = 0; i < NCCS; i++)
        printf(":%x", terminal.c_cc[i]);
    putchar('\n');
}

static void open_device(const char *path)
{
    device = path;
    fd = open(path, O_RDONLY | O_NONBLOCK);
    if (fd < 0) {
        app_warn("%s", path);
        app_quit();
    }
}

/* Settings look like options: only the first arguments are taken for such. => the first setting. */
static char **read_options(char **argv, bool *all, bool *save)
{
    for (argv++; *argv && (!strcmp(*argv, "-a") || !strcmp(*argv, "-g") || !strncmp(*argv, "-F", 2));
         argv++) {
        *all |= !strcmp(*argv, "-a");
        *save |= !strcmp(*argv, "-g");
        if (!strcmp(*argv, "-F") && !argv[1])
            app_usage("[-a|-g] [-F DEVICE] [SETTING...]");
        if (!strncmp(*argv, "-F", 2))
            open_device((*argv)[2] ? *argv + 2 : *++argv);
    }
    return argv;
}

int main(int argc, char **argv)
{
    bool all = false, save = false;
    char **settings;

    app_start(argv);
    settings = read_options(argv, &all, &save);
    if ((all && save) || ((all || save) && *settings))
        app_usage("[-a|-g] [-F DEVICE] [SETTING...]");
    if (tcgetattr(fd, &terminal)) {
        app_warn("%s", device);
        return 1;
    }
    if (save)
        show_saved();
    else if (!*settings)
        show_settings(all);
    apply(settings);
    if (*settings && tcsetattr(fd, TCSADRAIN, &terminal)) {
        app_warn("%s", device);
        return 1;
    }
    return app_finish(0);
}
