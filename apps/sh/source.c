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

void source_append(struct source *source, const char *text, size_t len)
{
    char *grown = realloc(source->owned, source->len + len + 1);

    if (!grown)
        _exit(2);
    memcpy(grown + source->len, text, len);
    source->len += len;
    grown[source->len] = 0;
    source->owned = grown;
    source->text = grown;
}

void source_discard_read(struct source *source)
{
    source->continued = false;
    if (!source->owned)
        return;
    source->len -= source->pos;
    memmove(source->owned, source->owned + source->pos, source->len);
    source->pos = 0;
}

void source_free(struct source *source)
{
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
