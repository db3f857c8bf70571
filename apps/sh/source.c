/* Where the text of a script comes from: a string, or lines as somebody delivers them. Nothing is
 * read before the parser needs it, so that a command can read the rest of its shell's input. */
#include "apps/sh/source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct source source_of_text(const char *text, size_t len)
{
    return (struct source){.text = text, .len = len, .line = 1};
}

/* Make the text our own, with room for n more bytes. */
static void make_room(struct source *source, size_t n)
{
    size_t need = source->len + n + 1;
    char *grown;

    if (source->owned && need <= source->cap)
        return;
    need += need / 2;
    grown = source->arena ? arena_alloc(source->arena, need) : realloc(source->owned, need);
    if (!grown)
        _exit(2);
    if ((source->arena || !source->owned) && source->len)
        memcpy(grown, source->text, source->len);
    source->owned = grown;
    source->text = grown;
    source->cap = need;
}

void source_append(struct source *source, const char *text, size_t len)
{
    make_room(source, len);
    memcpy(source->owned + source->len, text, len);
    source->len += len;
    source->owned[source->len] = 0;
}

/* Text was put in or taken out in front of `at`: what is behind has moved. */
static void move_uses(struct source *source, size_t at, size_t in, size_t out)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < source->nused; i++)
        if (source->used[i].end >= at + out) {
            source->used[kept] = source->used[i];
            source->used[kept++].end += in - out;
        }
    source->nused = kept;
}

void source_replace(struct source *source, size_t start, const struct alias *alias,
                    const char *value)
{
    size_t n = strlen(value), out = source->pos - start;

    make_room(source, n);
    memmove(source->owned + start + n, source->owned + source->pos, source->len - source->pos);
    memcpy(source->owned + start, value, n);
    source->len += n - out;
    source->owned[source->len] = 0;
    source->pos = start;
    move_uses(source, start, n, out);
    if (source->nused < SOURCE_ALIASES)
        source->used[source->nused++] = (struct alias_use){alias, start + n};
    source->blank_end = n && (value[n - 1] == ' ' || value[n - 1] == '\t') ? start + n : 0;
}

bool source_is_within(struct source *source, const struct alias *alias, size_t start)
{
    for (unsigned i = 0; i < source->nused; i++)
        if (source->used[i].alias == alias && start < source->used[i].end)
            return true;
    return source->nused == SOURCE_ALIASES;
}

void source_discard_read(struct source *source)
{
    size_t pos = source->pos;

    source->continued = false;
    source->blank_end = 0;
    if (!source->owned || pos < source->len / 2) /* moving costs: each byte once or twice in all */
        return;
    move_uses(source, 0, 0, pos);
    source->len -= pos;
    memmove(source->owned, source->owned + pos, source->len);
    source->pos = 0;
}

void source_free(struct source *source)
{
    if (!source->arena)
        free(source->owned);
    source->owned = NULL;
}

int source_look(struct source *source, size_t ahead)
{
    while (source->pos + ahead >= source->len) {
        if (!source->more || source->ended)
            return SOURCE_END;
        source->ended = !source->more(source);
        source->continued = true;
    }
    return (unsigned char)source->text[source->pos + ahead];
}

int source_take(struct source *source)
{
    int c = source_look(source, 0);

    if (c == SOURCE_END)
        return c;
    source->pos++;
    source->line += c == '\n';
    return c;
}
