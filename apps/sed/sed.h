/* sed: what its parts share.
 *
 * parse.c makes an array of commands out of the script, run.c goes through it once for each line,
 * substitute.c does the s command, input.c and output.c keep the files. */
#ifndef APPS_SED_SED_H
#define APPS_SED_SED_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "apps/common/lines.h"

enum address_kind {
    ADDRESS_NONE,
    ADDRESS_LINE,    /* number; 0 only before a pattern */
    ADDRESS_LAST,    /* $ */
    ADDRESS_PATTERN, /* regex */
    ADDRESS_STEP,    /* first~step */
    ADDRESS_MORE,    /* ,+number */
    ADDRESS_MULTIPLE /* ,~number */
};

struct address {
    enum address_kind kind;
    unsigned long number, step;
    regex_t *regex; /* NULL: the last one that was used */
};

/* Where text goes; one for each name. The newline that a file's last line lacks comes before the next
 * thing that is written. */
struct output {
    struct output *next;
    const char *name;
    FILE *stream;
    bool owes_newline;
};

/* A piece of what replaces a match. */
struct piece {
    const char *text; /* NULL: the group */
    size_t len;
    int group;
    char change; /* U L E: case of all that follows; u l: of the next character; 0: none */
};

struct substitution {
    regex_t *regex; /* NULL: the last one that was used */
    struct piece *pieces;
    size_t npieces;
    unsigned long first; /* the match to begin with, from 1 */
    bool all, print;
    struct output *file;
};

struct command {
    struct address from, to;
    bool negated, in_range;
    unsigned long range_end; /* number of the last line of the range, if it has one */
    char verb;
    size_t line;      /* of the script, for messages */
    const char *text; /* of a i c; name of r, b t T : */
    size_t len;
    size_t target; /* of b t T: the command to go on with; of {: the one behind its } */
    long number;   /* of q Q l; -1: none */
    struct output *file;
    struct substitution *substitution;
    unsigned char *map; /* of y */
};

struct script {
    struct command *commands;
    size_t count;
    bool quiet;    /* -n */
    bool extended; /* -E */
    bool separate; /* -s, -i */
    bool in_place; /* -i */
    bool posix;    /* POSIXLY_CORRECT */
    const char *suffix; /* of -i's backups; "": none */
    long width;         /* of l */
};

/* Read the whole script. Ends the program if it is wrong. */
void parse_script(struct script *script, const struct line *text);

/* Run the script over all lines. => status. */
int run_script(struct script *script, char **paths);

/* Change `space`. => whether there was a match to change. */
bool substitute(const struct substitution *how, struct line *space);
/* Whether the pattern is in `space`; NULL: the last one used, which it then is. */
bool find_pattern(const regex_t *regex, const struct line *space, size_t from, size_t count,
                  regmatch_t *found);

/* Input: the lines of all files. */
void input_start(const struct script *script, char **paths);
bool input_next(struct line *line); /* => false: no more */
bool input_is_last(void); /* no line after this one; with -s: in its file */
bool input_at_end(void);  /* none in any file */
unsigned long input_number(void);
/* Leave the rest of the file unread. */
void input_end(void);
int input_status(void); /* 2 if a file could not be read */

/* Output. */
struct output *output_open(const char *name);
struct output *output_standard(void);                          /* with -i: the file's new contents */
void output_redirect(FILE *stream);                            /* NULL: back to standard output */
void output_line(struct output *to, const struct line *line);  /* as it was read */
void output_text(struct output *to, const char *text, size_t len);
/* => false if something could not be written (said). */
bool output_close_all(void);

#endif
