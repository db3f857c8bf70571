/* Variables and positional parameters of a shell. */
#ifndef APPS_SH_VARS_H
#define APPS_SH_VARS_H

#include <stdbool.h>

#include "apps/common/arena.h"

#define VARS_BUCKETS 64

struct var {
    struct var *next;
    char *name, *value; /* value NULL: not set (but perhaps exported or read-only) */
    bool exported, readonly;
};

/* What a variable was before a function made it local or a command got an assignment. */
struct saved_var {
    struct saved_var *next;
    char *name, *value;
    bool exported;
};

struct vars {
    bool all_exported; /* what is set from now on */
    struct var *buckets[VARS_BUCKETS];
    struct saved_var *saved; /* newest first */
};

/* Take over the environment (entries that are no NAME=value are left out). */
void vars_import(struct vars *vars, char **environment);
void vars_free(struct vars *vars);

const char *vars_get(const struct vars *vars, const char *name);
struct var *vars_find(const struct vars *vars, const char *name);
/* Found or made, unset. */
struct var *vars_touch(struct vars *vars, const char *name);
/* NULL unsets. False if the variable is read-only. */
bool vars_set(struct vars *vars, const char *name, const char *value);
/* The exported ones as an environment, in `arena`. */
char **vars_environment(const struct vars *vars, struct arena *arena);
/* All that are set, or all exported or read-only ones, in order of their names; NULL at the end. */
enum vars_which { VARS_SET, VARS_EXPORTED, VARS_READONLY };
struct var **vars_sorted(const struct vars *vars, struct arena *arena, enum vars_which which);

/* Remember a variable; vars_restore() with a mark brings back all that was remembered since. */
struct saved_var *vars_mark(const struct vars *vars);
void vars_save(struct vars *vars, const char *name);
void vars_restore(struct vars *vars, struct saved_var *mark);

/* Positional parameters: copies, in malloc's memory. */
struct params {
    char **items; /* count of them, then NULL */
    int count;
};

struct params params_copy(int count, char **items);
void params_free(struct params *params);
/* Leave out the first n <= count. */
void params_shift(struct params *params, int n);

/* strdup that ends the program if there is no memory. */
char *must_strdup(const char *text);

#endif
