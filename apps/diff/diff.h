/* diff: what its parts share.
 *
 * file.c reads two files and gives equal lines the same number; script.c finds what has to change;
 * print.c and hunk.c show it; tree.c compares directories. */
#ifndef APPS_DIFF_DIFF_H
#define APPS_DIFF_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum style { STYLE_NORMAL, STYLE_CONTEXT, STYLE_UNIFIED, STYLE_ED, STYLE_FORWARD_ED, STYLE_BRIEF };

struct options {
    enum style style;
    long context;         /* lines around a change */
    bool ignore_case;     /* -i */
    bool ignore_amount;   /* -b: of white space */
    bool ignore_space;    /* -w */
    bool recursive;       /* -r */
    bool absent_is_empty; /* -N */
    bool as_text;         /* -a */
    bool say_identical;   /* -s */
    const char *labels[2];
    const char *words; /* the options as given, for the heads of a comparison of directories */
};

extern struct options options;

struct source {
    const char *path;
    struct stat st; /* st_mode 0: there is none, and it counts as empty */
    char *data;
    size_t size;
    char **lines; /* where they begin; one more: the end */
    unsigned *ids;
    bool *changed; /* of each line; one more behind the last */
    size_t count;
    bool lacks_newline; /* at its end */
    bool is_binary;
};

/* Read the whole file. => false after a message. */
bool source_read(struct source *source);
/* Find the lines of both, and give equal ones equal numbers. */
void source_split(struct source pair[2]);
void source_free(struct source *source);

/* Lines first[i] up to end[i] of file i stand in the place of each other; from 0. */
struct change {
    struct change *next;
    size_t first[2], end[2];
};

/* What makes the second file out of the first; in the order of lines. NULL: nothing. */
struct change *script_make(struct source pair[2]);
void script_free(struct change *script);

/* A run of lines, each with this before it. */
void print_lines(const struct source *source, size_t first, size_t end, const char *before);
void print_script(struct source pair[2], const struct change *script);
/* -c and -u. */
void print_hunks(struct source pair[2], const struct change *script);

/* => 0 the same, 1 different, 2 trouble. `depth`: of directories that led here. */
int compare_paths(const char *a, const char *b, int depth);

#endif
