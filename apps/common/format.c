/* What `echo` and `printf` print (POSIX, "printf" utility). */
#include "apps/common/format.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void format_echo(struct buf *out, char **words)
{
    bool newline = !(*words && !strcmp(*words, "-n"));

    if (!newline)
        words++;
    for (; *words; words++) {
        buf_str(out, *words);
        if (words[1])
            buf_char(out, ' ');
    }
    if (newline)
        buf_char(out, '\n');
}

struct printing {
    struct buf *out;
    char **args; /* the next one */
    const char *complaint;
    bool stopped; /* by \c */
};

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

/* Up to three octal digits at *text. */
static char octal(const char **text)
{
    int value = 0;

    for (int i = 0; i < 3 && is_octal(**text); i++)
        value = value * 8 + (*(*text)++ - '0');
    return (char)value;
}

/* An escape, behind its backslash. in_argument: as %b has it, with \0ooo and \c. */
static void print_escape(struct printing *printing, const char **text, bool in_argument)
{
    static const char letters[] = "abfnrtv\\", values[] = "\a\b\f\n\r\t\v\\";
    const char *found = **text ? strchr(letters, **text) : NULL;

    if (found) {
        ++*text;
        buf_char(printing->out, values[found - letters]);
    } else if (in_argument && **text == 'c') {
        printing->stopped = true;
    } else if (is_octal(**text)) {
        *text += in_argument && **text == '0';
        buf_char(printing->out, octal(text));
    } else {
        buf_char(printing->out, '\\');
    }
}

static const char *take_arg(struct printing *printing)
{
    return *printing->args ? *printing->args++ : NULL;
}

static long long integer(struct printing *printing, const char *text, bool is_unsigned)
{
    char *end;
    long long value;

    if (!text)
        return 0;
    if (*text == '\'' || *text == '"')
        return (unsigned char)text[1];
    errno = 0;
    value = is_unsigned ? (long long)strtoull(text, &end, 0) : strtoll(text, &end, 0);
    if (*end || !*text || errno)
        printing->complaint = "an argument is not a number";
    return value;
}

/* The text between % and the conversion, with the widths that came as arguments written in. */
static void read_spec(struct printing *printing, const char **format, struct buf *spec)
{
    buf_char(spec, '%');
    while (**format && strchr("-+ #0123456789.*", **format)) {
        if (**format == '*')
            buf_printf(spec, "%d", (int)integer(printing, take_arg(printing), false));
        else
            buf_char(spec, **format);
        ++*format;
    }
}

static void print_escaped(struct printing *printing, const char *text)
{
    while (*text && !printing->stopped)
        if (*text == '\\') {
            text++;
            print_escape(printing, &text, true);
        } else {
            buf_char(printing->out, *text++);
        }
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"

/* A string may be longer than buf_printf() takes: width and precision are done here. */
static void print_string(struct printing *printing, const char *spec, const char *text)
{
    bool left = strchr(spec, '-');
    const char *dot = strchr(spec, '.'), *digits = spec + strcspn(spec, "123456789.");
    size_t len = strlen(text), width = *digits == '.' ? 0 : strtoul(digits, NULL, 10);

    if (dot && strtoul(dot + 1, NULL, 10) < len)
        len = strtoul(dot + 1, NULL, 10);
    for (size_t i = len; !left && i < width; i++)
        buf_char(printing->out, ' ');
    buf_add(printing->out, text, len);
    for (size_t i = len; left && i < width; i++)
        buf_char(printing->out, ' ');
}

static void print_number(struct printing *printing, struct buf *spec, char conversion)
{
    bool is_unsigned = conversion != 'd' && conversion != 'i';
    const char *text = take_arg(printing);

    if (strchr("eEfFgG", conversion)) {
        buf_char(spec, conversion);
        buf_printf(printing->out, spec->data, text ? strtod(text, NULL) : 0.0);
        return;
    }
    buf_str(spec, "ll");
    buf_char(spec, conversion);
    buf_printf(printing->out, spec->data, integer(printing, text, is_unsigned));
}

static void print_char(struct printing *printing, const char *spec)
{
    char text[2] = {0};
    const char *arg = take_arg(printing);

    text[0] = arg ? *arg : 0;
    print_string(printing, spec, text);
}

static void print_conversion(struct printing *printing, const char **format)
{
    struct buf spec = buf_new(printing->out->arena);
    const char *text;
    char conversion;

    read_spec(printing, format, &spec);
    conversion = **format;
    *format += conversion != 0;
    if (conversion == '%') {
        buf_char(printing->out, '%');
    } else if (conversion == 's') {
        text = take_arg(printing);
        print_string(printing, spec.data, text ? text : "");
    } else if (conversion == 'b') {
        text = take_arg(printing);
        print_escaped(printing, text ? text : "");
    } else if (conversion == 'c') {
        print_char(printing, spec.data);
    } else if (conversion && strchr("diouxXeEfFgG", conversion)) {
        print_number(printing, &spec, conversion);
    } else {
        printing->complaint = "bad conversion in the format";
        printing->stopped = true;
    }
}

static void print_once(struct printing *printing, const char *format)
{
    while (*format && !printing->stopped) {
        char c = *format++;
        if (c == '%')
            print_conversion(printing, &format);
        else if (c == '\\')
            print_escape(printing, &format, false);
        else
            buf_char(printing->out, c);
    }
}

const char *format_printf(struct buf *out, char **words)
{
    struct printing printing = {.out = out};
    const char *format;
    char **before;

    words += *words && !strcmp(*words, "--");
    format = *words;
    if (!format)
        return "which format?";
    printing.args = words + 1;
    do {
        before = printing.args;
        print_once(&printing, format);
    } while (*printing.args && printing.args > before && !printing.stopped);
    return printing.complaint;
}
