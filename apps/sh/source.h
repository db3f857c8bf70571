/* Where the text of a script comes from. */
#ifndef APPS_SH_SOURCE_H
#define APPS_SH_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#define SOURCE_END (-1)

struct source {
    /* Read the next line (or any next piece) by source_append(). False: there is no more. NULL for
     * a text that is complete. */
    bool (*more)(struct source *source);
    void *context;    /* for `more` */
    const char *text; /* what is known of the script */
    char *owned;      /* the same, if this source allocated it */
    size_t pos, len;
    unsigned line;  /* of `pos`, from 1 */
    bool continued; /* in the middle of a command */
    bool ended;     /* `more` said that there is no more */
};

/* A source that is `text`, which stays the caller's. */
struct source source_of_text(const char *text, size_t len);
void source_append(struct source *source, const char *text, size_t len);
/* Forget what was read; called between two commands. */
void source_discard_read(struct source *source);
void source_free(struct source *source);

/* The character `ahead` after the current one, or SOURCE_END. May read more. */
int source_look(struct source *source, size_t ahead);
/* Move on by one character and return it. */
int source_take(struct source *source);

#endif
