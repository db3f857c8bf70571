/* From text to syntax trees. */
#ifndef APPS_SH_PARSER_H
#define APPS_SH_PARSER_H

#include "apps/sh/ast.h"
#include "apps/sh/source.h"

enum parse_result {
    PARSE_OK,
    PARSE_END,   /* the script is over */
    PARSE_ERROR, /* `message` says what is wrong */
};

/* Read one complete command: what stands up to the end of its last line.
 * => OK: *tree is in `arena`, NULL for an empty line.
 * => ERROR: *message is in `arena`; the rest of the script cannot be trusted. */
enum parse_result parse_command(struct source *source, struct arena *arena, struct node **tree,
                                const char **message);

/* A text outside of scripts, as within double quotes but that a quote is text: its parts, in `arena`.
 * => false: it isn't well formed. */
bool parse_text(struct arena *arena, const char *text, struct part **parts);

bool is_keyword(const char *text);

/* A name that a variable may have: its length at the start of `text`, or 0. */
size_t name_length(const char *text);

#endif
