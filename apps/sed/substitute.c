/* The s command: matches of a pattern replaced. */
#include "apps/sed/sed.h"

#include <ctype.h>
#include <string.h>

#include "apps/common/app.h"
#include "apps/common/match.h"

#define GROUPS 10

static const regex_t *last_used;

bool find_pattern(const regex_t *regex, const struct line *space, size_t from, size_t count,
                  regmatch_t *found)
{
    if (regex)
        last_used = regex;
    if (!last_used) {
        app_say("no pattern was used before an empty one");
        app_quit();
    }
    return match_find(last_used, space->text, space->len, from, count, found);
}

/* Letters' case while a replacement is put together. */
struct letters {
    char all;  /* U, L, or 0 */
    char next; /* u, l, or 0: only of the next character */
};

static void add_text(struct line *out, const char *text, size_t len, struct letters *letters)
{
    if (!letters->all && !letters->next) {
        line_add(out, text, len);
        return;
    }
    for (size_t i = 0; i < len; i++) {
        char change = letters->next ? (char)toupper((unsigned char)letters->next) : letters->all;
        int c = (unsigned char)text[i];
        line_char(out, (char)(change == 'U' ? toupper(c) : change == 'L' ? tolower(c) : c));
        letters->next = 0;
    }
}

static void set_letters(struct letters *letters, char change)
{
    if (change == 'u' || change == 'l') {
        letters->next = change;
        return;
    }
    letters->all = change == 'E' ? 0 : change;
    letters->next = 0;
}

static void add_replacement(struct line *out, const struct substitution *how, const char *text,
                            const regmatch_t *found)
{
    struct letters letters = {0};

    for (size_t i = 0; i < how->npieces; i++) {
        const struct piece *piece = &how->pieces[i];
        const regmatch_t *group = &found[piece->group];
        if (piece->change)
            set_letters(&letters, piece->change);
        else if (piece->text)
            add_text(out, piece->text, piece->len, &letters);
        else if (group->rm_so >= 0)
            add_text(out, text + group->rm_so, (size_t)(group->rm_eo - group->rm_so), &letters);
    }
}

/* An empty match right behind the one before is none. */
bool substitute(const struct substitution *how, struct line *space)
{
    static struct line out;
    regmatch_t found[GROUPS];
    size_t from = 0, end_before = (size_t)-1;
    unsigned long count = 0;
    bool changed = false, had_newline = space->had_newline;
    struct line swapped;

    line_clear(&out);
    while (from <= space->len && (how->all || !changed) &&
           find_pattern(how->regex, space, from, GROUPS, found)) {
        size_t begin = (size_t)found[0].rm_so, end = (size_t)found[0].rm_eo;
        bool is_match = begin != end || begin != end_before;
        line_add(&out, space->text + from, begin - from);
        if (is_match && ++count >= how->first) {
            add_replacement(&out, how, space->text, found);
            changed = true;
        } else {
            line_add(&out, space->text + begin, end - begin);
        }
        if (begin == end && end < space->len)
            line_char(&out, space->text[end]);
        from = begin == end ? end + 1 : end;
        end_before = end;
    }
    if (!changed)
        return false;
    if (from < space->len)
        line_add(&out, space->text + from, space->len - from);
    swapped = *space;
    *space = out;
    out = swapped;
    space->had_newline = had_newline;
    return true;
}
