/* tr [-c] [-d] [-s] SET1 [SET2]: characters of SET1 become those of SET2, or go (-d); runs of the
 * last set become one (-s); -c: all that are not in SET1. Sets: a-z, [:class:], \n, \012. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

struct set {
    unsigned char list[256];
    size_t count;
    bool has[256];
};

static void add(struct set *set, int c)
{
    if (set->count < sizeof set->list)
        set->list[set->count++] = (unsigned char)c;
    set->has[c] = true;
}

static const struct {
    const char *name;
    int (*is)(int c);
} classes[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
    {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
    {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

/* At [:name:]: add the class. => what follows, or `text` if it is none. */
static const char *add_class(struct set *set, const char *text)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        size_t n = strlen(classes[i].name);
        if (strncmp(text, "[:", 2) || strncmp(text + 2, classes[i].name, n) ||
            strncmp(text + 2 + n, ":]", 2))
            continue;
        for (int c = 0; c < 256; c++)
            if (classes[i].is(c))
                add(set, c);
        return text + n + 4;
    }
    return text;
}

static int take(const char **text)
{
    static const char letters[] = "abfnrtv\\", values[] = "\a\b\f\n\r\t\v\\";
    const char *found;
    int c = (unsigned char)*(*text)++;

    if (c != '\\' || !**text)
        return c;
    if (**text >= '0' && **text <= '7') {
        for (c = 0; **text >= '0' && **text <= '7' && c < 32; ++*text)
            c = c * 8 + (**text - '0');
        return c & 255;
    }
    found = strchr(letters, **text);
    c = (unsigned char)*(*text)++;
    return found ? values[found - letters] : c;
}

static struct set parse(const char *text)
{
    struct set set = {0};

    while (*text) {
        const char *rest = add_class(&set, text);
        int first, last;
        if (rest > text) {
            text = rest;
            continue;
        }
        first = last = take(&text);
        if (text[0] == '-' && text[1]) {
            text++;
            last = take(&text);
        }
        for (int c = first; c <= last; c++)
            add(&set, c);
    }
    return set;
}

static struct set complement(const struct set *set)
{
    struct set other = {0};

    for (int c = 0; c < 256; c++)
        if (!set->has[c])
            add(&other, c);
    return other;
}

/* What each character of `from` becomes; the last of `to` stands for all that are missing. */
static void make_map(unsigned char map[256], const struct set *from, const struct set *to)
{
    for (int c = 0; c < 256; c++)
        map[c] = (unsigned char)c;
    for (size_t i = 0; to->count && i < from->count; i++)
        map[from->list[i]] = to->list[i < to->count ? i : to->count - 1];
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-c] [-d] [-s] SET1 [SET2]";
    bool others = false, delete = false, squeeze = false;
    struct set from, to = {0}, squeezed;
    unsigned char map[256];
    int option, c, before = -1;

    app_start(argv);
    while ((option = getopt(argc, argv, "cCds")) != -1) {
        if (option == '?')
            app_usage(usage);
        others |= option == 'c' || option == 'C';
        delete |= option == 'd';
        squeeze |= option == 's';
    }
    if (optind == argc || argc - optind > 2 || (argc - optind == 1 && !delete &&!squeeze))
        app_usage(usage);
    from = parse(argv[optind]);
    if (others)
        from = complement(&from);
    if (argc - optind == 2)
        to = parse(argv[optind + 1]);
    squeezed = to.count ? to : from;
    make_map(map, &from, delete ? &(struct set){0} : &to);
    while ((c = getchar()) != EOF) {
        if (delete &&from.has[c])
            continue;
        c = map[c];
        if (squeeze && c == before && squeezed.has[c])
            continue;
        putchar(c);
        before = c;
    }
    return app_finish(0);
}
