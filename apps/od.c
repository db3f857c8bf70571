/* od [-v] [-A d|o|x|n] [-j SKIP] [-N COUNT] [-t TYPE]... [-abcdosx] [-w WIDTH] [FILE...]: bytes as text. A TYPE is
 * a, c, or one of d, o, u, x with 1, 2, 4, 8 or C, S, I, L, or f with 4, 8 or F, D; 2-byte octal unless told. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"
#include "apps/common/size.h"

#define TYPES_MAX 32
#define WIDTH_MAX 4096
#define FLOAT_TEXT 340

struct type {
    char kind;
    int size;
    int width; /* of a value with the blank before it */
    bool with_text; /* the characters behind: z */
};

static struct type types[TYPES_MAX];
static int type_count;
static char base = 'o';
static bool show_all, limited;
static uint64_t offset, skip, left;
static size_t per_line = 16;

static unsigned char now[WIDTH_MAX], before[WIDTH_MAX];
static size_t filled;
static bool has_before, starred;

static void show_offset(void)
{
    static const char *const formats[] = {"%06" PRIx64, "%07" PRIu64, "%07" PRIo64};

    if (base != 'n')
        printf(base == 'x' ? formats[0] : base == 'd' ? formats[1] : formats[2], offset);
}

static const char *char_text(unsigned char c, char text[8])
{
    static const char values[] = "\0\a\b\f\n\r\t\v", letters[] = "0abfnrtv";
    const char *found = memchr(values, c, sizeof values - 1);

    if (found)
        snprintf(text, 8, "\\%c", letters[found - values]);
    else
        snprintf(text, 8, isprint(c) ? "%c" : "%03o", c);
    return text;
}

static const char *name_text(unsigned char c, char text[8])
{
    static const char names[][4] = {"nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs",
                                    "ht",  "nl",  "vt",  "ff",  "cr",  "so",  "si",  "dle", "dc1",
                                    "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em",  "sub",
                                    "esc", "fs",  "gs",  "rs",  "us",  "sp"};

    c &= 127;
    if (c == 127)
        return "del";
    if (c < sizeof names / sizeof *names)
        return names[c];
    snprintf(text, 8, "%c", c);
    return text;
}

static uint64_t unsigned_value(const unsigned char *bytes, int size)
{
    uint64_t value = 0;

    for (int i = size; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static int64_t signed_value(const unsigned char *bytes, int size)
{
    int unused = 64 - 8 * size;

    return (int64_t)(unsigned_value(bytes, size) << unused) >> unused;
}

/* With as few digits as give the value back. */
static const char *float_text(const unsigned char *bytes, int size, char text[FLOAT_TEXT])
{
    float single;
    double value;
    int digits = size == 4 ? 6 : 15;

    memcpy(&single, bytes, sizeof single);
    if (size == 4)
        value = (double)single;
    else
        memcpy(&value, bytes, sizeof value);
    for (; digits < (size == 4 ? 9 : 17); digits++) {
        snprintf(text, FLOAT_TEXT, "%.*g", digits, value);
        if (size == 4 ? strtof(text, NULL) == single : strtod(text, NULL) == value)
            return text;
    }
    snprintf(text, FLOAT_TEXT, "%.*g", digits, value);
    return text;
}

static void show_value(const struct type *type, const unsigned char *bytes, int width)
{
    int digits = type->kind == 'x' ? 2 * type->size : (8 * type->size + 2) / 3;
    char text[FLOAT_TEXT];

    switch (type->kind) {
    case 'a':
        printf("%*s", width, name_text(*bytes, text));
        return;
    case 'c':
        printf("%*s", width, char_text(*bytes, text));
        return;
    case 'd':
        printf("%*" PRId64, width, signed_value(bytes, type->size));
        return;
    case 'u':
        printf("%*" PRIu64, width, unsigned_value(bytes, type->size));
        return;
    case 'x':
        printf("%*s%0*" PRIx64, width - digits, "", digits, unsigned_value(bytes, type->size));
        return;
    case 'o':
        printf("%*s%0*" PRIo64, width - digits, "", digits, unsigned_value(bytes, type->size));
        return;
    default:
        printf("%*s", width, float_text(bytes, type->size, text));
    }
}

static void show_text(size_t n)
{
    printf("  >");
    for (size_t i = 0; i < n; i++)
        putchar(isprint(now[i]) ? now[i] : '.');
    putchar('<');
}

/* The columns of all types are as wide as those of the widest, by byte. */
static int width_of(const struct type *type)
{
    int widest = 0;

    for (int i = 0; i < type_count; i++) {
        int width = types[i].width * (8 / types[i].size);
        widest = width > widest ? width : widest;
    }
    return widest / (8 / type->size);
}

static void show_type(const struct type *type, size_t n)
{
    int width = width_of(type), count = (int)((n + (size_t)type->size - 1) / (size_t)type->size);

    for (int i = 0; i < count; i++)
        show_value(type, now + i * type->size, width);
    if (type->with_text) {
        for (size_t i = (size_t)count; i < per_line / (size_t)type->size; i++)
            printf("%*s", width, "");
        show_text(n);
    }
    putchar('\n');
}

static void show_line(size_t n)
{
    if (!show_all && has_before && n == per_line && !memcmp(now, before, n)) {
        if (!starred)
            puts("*");
        starred = true;
    } else {
        starred = false;
        memset(now + n, 0, sizeof now - n);
        for (int i = 0; i < type_count; i++) {
            if (i == 0)
                show_offset();
            else if (base != 'n')
                printf("%*s", base == 'x' ? 6 : 7, "");
            show_type(&types[i], n);
        }
        memcpy(before, now, n);
        has_before = true;
    }
    offset += n;
    filled = 0;
}

static void dump(FILE *stream, const char *path)
{
    int c;

    while ((!limited || left) && (c = getc(stream)) != EOF) {
        if (skip) {
            skip--;
            offset++;
            continue;
        }
        left -= limited;
        now[filled++] = (unsigned char)c;
        if (filled == per_line)
            show_line(filled);
    }
}

static int decimal_digits(char kind, int size)
{
    static const int with_sign[] = {[1] = 4, [2] = 6, [4] = 11, [8] = 20};
    static const int without[] = {[1] = 3, [2] = 5, [4] = 10, [8] = 20};

    return kind == 'd' ? with_sign[size] : without[size];
}

static int width_alone(char kind, int size)
{
    switch (kind) {
    case 'a':
    case 'c':
        return 4;
    case 'x':
        return 1 + 2 * size;
    case 'o':
        return 1 + (8 * size + 2) / 3;
    case 'f':
        return size == 4 ? 16 : 25;
    default:
        return 1 + decimal_digits(kind, size);
    }
}

static void add_type(char kind, int size, bool with_text)
{
    if (type_count == TYPES_MAX) {
        app_say("too many types");
        app_quit();
    }
    types[type_count++] = (struct type){kind, size, width_alone(kind, size), with_text};
}

/* The size at *text, which is moved behind it. => 0 if it is none of this kind. */
static int read_size(char kind, const char **text)
{
    static const char letters[] = "CSILFD";
    static const int sizes[] = {1, 2, 4, 8, 4, 8};
    const char *found = **text ? strchr(letters, **text) : NULL;
    int size = kind == 'f' ? 8 : 4;

    if (kind == 'a' || kind == 'c')
        return 1;
    if (found && (kind == 'f') == (found - letters >= 4)) {
        ++*text;
        return sizes[found - letters];
    }
    if (isdigit((unsigned char)**text))
        size = (int)strtol(*text, (char **)text, 10);
    return size == 4 || size == 8 || (kind != 'f' && (size == 1 || size == 2)) ? size : 0;
}

static void read_types(const char *text)
{
    for (const char *from = text; *from;) {
        char kind = *from++;
        int size = strchr("acdfoux", kind) ? read_size(kind, &from) : 0;
        if (!size) {
            app_say("%s: not a type", text);
            app_quit();
        }
        add_type(kind, size, *from == 'z');
        from += *from == 'z';
    }
}

static uint64_t read_amount(const char *text)
{
    uint64_t value;
    char *end;

    if (*text == '0' && text[1]) {
        value = strtoull(text, &end, 0);
        if (!*end)
            return value;
    } else if (size_parse(text, &value)) {
        return value;
    }
    app_say("%s: not a number of bytes", text);
    app_quit();
}

static void read_option(int option, const char *usage)
{
    switch (option) {
    case 'A':
        if (!*optarg || !strchr("doxn", *optarg) || optarg[1])
            app_usage(usage);
        base = *optarg;
        return;
    case 'j':
        skip = read_amount(optarg);
        return;
    case 'N':
        left = read_amount(optarg);
        limited = true;
        return;
    case 't':
        return read_types(optarg);
    case 'v':
        show_all = true;
        return;
    case 'w':
        per_line = read_amount(optarg);
        return;
    case '?':
        app_usage(usage);
    default:
        return read_types(option == 'b'   ? "o1"
                          : option == 'a' ? "a"
                          : option == 'c' ? "c"
                          : option == 'd' ? "u2"
                          : option == 'o' ? "o2"
                          : option == 's' ? "d2"
                                          : "x2");
    }
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-v] [-A d|o|x|n] [-j SKIP] [-N COUNT] [-t TYPE]... [FILE...]";
    int option, status;

    app_start(argv);
    while ((option = getopt(argc, argv, "A:j:N:t:vw:abcdosx")) != -1)
        read_option(option, usage);
    if (!type_count)
        read_types("o2");
    if (per_line == 0 || per_line > WIDTH_MAX || per_line % 8) {
        app_say("%zu: not a number of bytes for a line", per_line);
        return 1;
    }
    status = each_stream(argv + optind, dump);
    if (filled)
        show_line(filled);
    if (skip) {
        app_say("cannot skip more than there is");
        return 1;
    }
    if (offset || !status)
        show_offset();
    if (base != 'n' && (offset || !status))
        putchar('\n');
    return app_finish(status);
}
