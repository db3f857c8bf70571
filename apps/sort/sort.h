/* sort: what its parts share. key.c says which of two lines comes first, run.c keeps the lines and sorts
 * them, in pieces on temporary files when they are too many, merge.c joins sorted pieces. */
#ifndef APPS_SORT_SORT_H
#define APPS_SORT_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum kind { KIND_TEXT, KIND_NUMBER, KIND_GENERAL, KIND_HUMAN, KIND_MONTH, KIND_VERSION };

/* How a part of a line counts. */
struct rules {
    enum kind kind;
    bool skip_start, skip_end; /* -b, for where a key begins and ends */
    bool dictionary;           /* -d: only blanks and alphanumerics count */
    bool fold;                 /* -f: capital letters for small ones */
    bool printable;            /* -i: only printable characters count */
    bool reverse;              /* -r */
};

/* Fields and characters from 1. */
struct key {
    struct key *next;
    size_t field, character;
    size_t end_field, end_character; /* field 0: to the end of the line; character 0: of the field */
    struct rules rules;
};

struct options {
    struct rules rules; /* of the whole line, and of keys without rules of their own */
    struct key *keys;
    int separator; /* of fields; -1: from blanks to what isn't blank */
    bool unique, stable, merge, check, quiet_check;
    char end; /* of a line */
    size_t memory;
    const char *output, *temporary_dir;
};

extern struct options options;

struct text {
    const char *data;
    size_t len;
};

/* By keys alone; 0: they are equal. */
int compare_keys(const struct text *a, const struct text *b);
/* With all bytes as the last resort, unless -s or -u. */
int compare_lines(const struct text *a, const struct text *b);

/* Two parts by one kind's rules. */
int compare_numbers(struct text a, struct text b);
int compare_human(struct text a, struct text b);
int compare_general(struct text a, struct text b);
int compare_months(struct text a, struct text b);
int compare_versions(struct text a, struct text b);

/* Sort the lines of these files to `out`. => status. */
int sort_files(char **paths, FILE **out);
/* Whether a file is sorted. => status. */
int check_file(const char *path);

/* Merge sorted streams, which are closed, into `out`; of equal lines those of earlier streams come
 * first. */
void merge_streams(FILE **streams, size_t count, FILE *out);
/* The same for files. */
int merge_files(char **paths, FILE **out);
/* A file without a name. */
FILE *temporary_file(void);
/* Where the result goes; only called when all input was read, as it may be one of the inputs. */
FILE *open_output(void);

#endif
