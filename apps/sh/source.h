/* Where the text of a script comes from. */
#ifndef APPS_SH_SOURCE_H
#define APPS_SH_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "apps/common/arena.h"

#define SOURCE_END (-1)

struct aliases;
struct alias;

#define SOURCE_ALIASES 16 /* that can stand within each other */

/* An alias whose value is being read: it means itself there. */
struct alias_use {
    const struct alias *alias;
    size_t end; /* of the value, in the text */
};

struct source {
    /* Read the next line (or any next piece) by source_append(). False: there is no more. NULL for
     * a text that is complete. */
    bool (*more)(struct source *source);
    void *context;    /* for `more` */
    const char *text; /* what is known of the script */
    char *owned;      /* the same, if this source allocated it */
    size_t pos, len;
    unsigned line;  /* of `pos`, from 1 */
    struct arena *arena; /* of a text within a script: what is owned is there */
    const struct aliases *aliases; /* NULL: none count */
    struct alias_use used[SOURCE_ALIASES];
    unsigned nused;
    size_t blank_end; /* where an alias's value ended in a blank: the word behind counts too; 0 */
    size_t cap;
    bool is_input;  /* `set -v` shows it */
    bool continued; /* in the middle of a command */
    bool ended;     /* `more` said that there is no more */
};

/* A source that is `text`, which stays the caller's. */
struct source source_of_text(const char *text, size_t len);
void source_append(struct source *source, const char *text, size_t len);
/* Put `value` in the place of the text from `start` to `pos`, and go back to `start`. */
void source_replace(struct source *source, size_t start, const struct alias *alias,
                    const char *value);
/* Does the text at `start` come from that alias? */
bool source_is_within(struct source *source, const struct alias *alias, size_t start);
/* Forget what was read; called between two commands. */
void source_discard_read(struct source *source);
void source_free(struct source *source);

/* The character `ahead` after the current one, or SOURCE_END. May read more. */
int source_look(struct source *source, size_t ahead);
/* Move on by one character and return it. */
int source_take(struct source *source);

#endif
