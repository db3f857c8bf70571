/* Which of two lines comes first (POSIX, "sort" utility, -k). */
#include <ctype.h>
#include <string.h>

#include "apps/sort/sort.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && is_blank(*p))
        p++;
    return p;
}

/* Behind the field at p, in front of what separates it from the next. */
static const char *skip_field(const char *p, const char *end)
{
    if (options.separator >= 0) {
        const char *found = memchr(p, options.separator, (size_t)(end - p));
        return found ? found : end;
    }
    p = skip_blanks(p, end);
    while (p < end && !is_blank(*p))
        p++;
    return p;
}

/* Where field `n` begins. */
static const char *find_field(const char *p, const char *end, size_t n)
{
    for (; n > 1 && p < end; n--) {
        p = skip_field(p, end);
        p += options.separator >= 0 && p < end;
    }
    return p;
}

static const char *key_begin(const struct key *key, const char *p, const char *end)
{
    p = find_field(p, end, key->field);
    if (key->rules.skip_start)
        p = skip_blanks(p, end);
    return (size_t)(end - p) > key->character - 1 ? p + key->character - 1 : end;
}

static const char *key_end(const struct key *key, const char *p, const char *end)
{
    if (!key->end_field)
        return end;
    p = find_field(p, end, key->end_field);
    if (!key->end_character)
        return skip_field(p, end);
    if (key->rules.skip_end)
        p = skip_blanks(p, end);
    return (size_t)(end - p) > key->end_character ? p + key->end_character : end;
}

static struct text find_key(const struct key *key, const struct text *line)
{
    const char *limit = line->data + line->len;
    const char *begin = key_begin(key, line->data, limit), *end = key_end(key, line->data, limit);

    return (struct text){begin, end > begin ? (size_t)(end - begin) : 0};
}

/* The next character that counts. => -1: none. */
static int next_counting(struct text *text, const struct rules *rules)
{
    while (text->len) {
        int c = (unsigned char)*text->data++;
        text->len--;
        if ((rules->dictionary && !isalnum(c) && !is_blank((char)c)) ||
            (rules->printable && !isprint(c)))
            continue;
        return rules->fold ? toupper(c) : c;
    }
    return -1;
}

static int compare_bytes(struct text a, struct text b)
{
    int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_text(struct text a, struct text b, const struct rules *rules)
{
    int x, y;

    if (!rules->dictionary && !rules->printable && !rules->fold)
        return compare_bytes(a, b);
    do {
        x = next_counting(&a, rules);
        y = next_counting(&b, rules);
    } while (x == y && x >= 0);
    return x - y;
}

static int compare_by(struct text a, struct text b, const struct rules *rules)
{
    switch (rules->kind) {
    case KIND_NUMBER:
        return compare_numbers(a, b);
    case KIND_GENERAL:
        return compare_general(a, b);
    case KIND_HUMAN:
        return compare_human(a, b);
    case KIND_MONTH:
        return compare_months(a, b);
    case KIND_VERSION:
        return compare_versions(a, b);
    default:
        return compare_text(a, b, rules);
    }
}

/* Without keys -b means the start of the line. */
static struct text whole_line(const struct text *line)
{
    const char *end = line->data + line->len;
    const char *begin = options.rules.skip_start ? skip_blanks(line->data, end) : line->data;

    return (struct text){begin, (size_t)(end - begin)};
}

int compare_keys(const struct text *a, const struct text *b)
{
    int order = 0;

    if (!options.keys) {
        order = compare_by(whole_line(a), whole_line(b), &options.rules);
        return options.rules.reverse ? -order : order;
    }
    for (const struct key *key = options.keys; key && !order; key = key->next) {
        order = compare_by(find_key(key, a), find_key(key, b), &key->rules);
        order = key->rules.reverse ? -order : order;
    }
    return order;
}

int compare_lines(const struct text *a, const struct text *b)
{
    int order = compare_keys(a, b);

    if (order || options.stable || options.unique)
        return order;
    order = compare_bytes(*a, *b);
    return options.rules.reverse ? -order : order;
}
