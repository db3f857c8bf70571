/* Variables and positional parameters of a shell: a hash table of names, and a stack of old values
 * for `local` and for assignments that last for one command. */
#include "apps/sh/vars.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/sh/parser.h"

static void *must_malloc(size_t bytes)
{
    void *memory = malloc(bytes);

    if (!memory)
        _exit(2);
    return memory;
}

char *must_strdup(const char *text)
{
    size_t bytes = strlen(text) + 1;

    return memcpy(must_malloc(bytes), text, bytes);
}

static unsigned hash(const char *name)
{
    unsigned value = 0;

    while (*name)
        value = value * 31 + (unsigned char)*name++;
    return value % VARS_BUCKETS;
}

struct var *vars_find(const struct vars *vars, const char *name)
{
    struct var *var = vars->buckets[hash(name)];

    while (var && strcmp(var->name, name))
        var = var->next;
    return var;
}

const char *vars_get(const struct vars *vars, const char *name)
{
    struct var *var = vars_find(vars, name);

    return var ? var->value : NULL;
}

struct var *vars_touch(struct vars *vars, const char *name)
{
    struct var *var = vars_find(vars, name);
    unsigned bucket = hash(name);

    if (var)
        return var;
    var = must_malloc(sizeof *var);
    *var = (struct var){.next = vars->buckets[bucket], .name = must_strdup(name)};
    vars->buckets[bucket] = var;
    return var;
}

static void var_assign(struct var *var, const char *value)
{
    char *copy = value ? must_strdup(value) : NULL;

    free(var->value);
    var->value = copy;
}

bool vars_set(struct vars *vars, const char *name, const char *value)
{
    struct var *var = vars_touch(vars, name);

    if (var->readonly)
        return false;
    var_assign(var, value);
    var->exported = (var->exported || vars->all_exported) && value;
    return true;
}

void vars_import(struct vars *vars, char **environment)
{
    for (; *environment; environment++) {
        size_t n = name_length(*environment);
        char *name;
        struct var *var;

        if (!n || (*environment)[n] != '=')
            continue;
        name = must_strdup(*environment);
        name[n] = 0;
        var = vars_touch(vars, name);
        var_assign(var, name + n + 1);
        var->exported = true;
        free(name);
    }
}

void vars_free(struct vars *vars)
{
    vars_restore(vars, NULL);
    for (size_t i = 0; i < VARS_BUCKETS; i++)
        while (vars->buckets[i]) {
            struct var *var = vars->buckets[i];
            vars->buckets[i] = var->next;
            free(var->name);
            free(var->value);
            free(var);
        }
}

static int compare(const void *a, const void *b)
{
    return strcmp((*(struct var *const *)a)->name, (*(struct var *const *)b)->name);
}

static bool is_wanted(const struct var *var, enum vars_which which)
{
    if (which == VARS_SET)
        return var->value;
    return which == VARS_EXPORTED ? var->exported : var->readonly;
}

struct var **vars_sorted(const struct vars *vars, struct arena *arena, enum vars_which which)
{
    struct var **list;
    size_t count = 0;

    for (size_t i = 0; i < VARS_BUCKETS; i++)
        for (struct var *var = vars->buckets[i]; var; var = var->next)
            count += is_wanted(var, which);
    list = arena_alloc(arena, (count + 1) * sizeof *list);
    count = 0;
    for (size_t i = 0; i < VARS_BUCKETS; i++)
        for (struct var *var = vars->buckets[i]; var; var = var->next)
            if (is_wanted(var, which))
                list[count++] = var;
    qsort(list, count, sizeof *list, compare);
    return list;
}

char **vars_environment(const struct vars *vars, struct arena *arena)
{
    struct var **list = vars_sorted(vars, arena, VARS_EXPORTED);
    size_t count = 0, n = 0;
    char **environment;

    while (list[count])
        count++;
    environment = arena_alloc(arena, (count + 1) * sizeof *environment);
    for (size_t i = 0; i < count; i++)
        if (list[i]->value) {
            struct buf entry = buf_new(arena);
            buf_str(&entry, list[i]->name);
            buf_char(&entry, '=');
            buf_str(&entry, list[i]->value);
            environment[n++] = entry.data;
        }
    return environment;
}

struct saved_var *vars_mark(const struct vars *vars)
{
    return vars->saved;
}

void vars_save(struct vars *vars, const char *name)
{
    struct saved_var *saved = must_malloc(sizeof *saved);
    struct var *var = vars_touch(vars, name);

    *saved = (struct saved_var){.next = vars->saved,
                                .name = must_strdup(name),
                                .value = var->value ? must_strdup(var->value) : NULL,
                                .exported = var->exported};
    vars->saved = saved;
}

void vars_restore(struct vars *vars, struct saved_var *mark)
{
    while (vars->saved != mark) {
        struct saved_var *saved = vars->saved;
        struct var *var = vars_touch(vars, saved->name);

        if (!var->readonly)
            var_assign(var, saved->value);
        var->exported = saved->exported;
        vars->saved = saved->next;
        free(saved->name);
        free(saved->value);
        free(saved);
    }
}

struct params params_copy(int count, char **items)
{
    struct params params = {must_malloc((count + 1) * sizeof *params.items), count};

    for (int i = 0; i < count; i++)
        params.items[i] = must_strdup(items[i]);
    params.items[count] = NULL;
    return params;
}

void params_free(struct params *params)
{
    for (int i = 0; i < params->count; i++)
        free(params->items[i]);
    free(params->items);
    *params = (struct params){0};
}

void params_shift(struct params *params, int n)
{
    for (int i = 0; i < n; i++)
        free(params->items[i]);
    params->count -= n;
    memmove(params->items, params->items + n, (params->count + 1) * sizeof *params->items);
}
