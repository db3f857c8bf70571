/* Whether find's expression holds for a file, and what it does to it. */
#include <ctype.h>
#include <fnmatch.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/mode.h"
#include "apps/find/find.h"

static char *lowered(const char *text)
{
    char *lower = app_dup(text);

    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return lower;
}

static bool name_matches(const char *pattern, const char *path)
{
    char *last = app_basename(path);
    bool matches = !fnmatch(pattern, last, 0);

    free(last);
    return matches;
}

/* Whatever the case of letters in both. */
static bool iname_matches(const char *pattern, const char *path)
{
    char *lower_pattern = lowered(pattern), *lower_path = lowered(path);
    bool matches = name_matches(lower_pattern, lower_path);

    free(lower_pattern);
    free(lower_path);
    return matches;
}

static bool type_matches(const char *types, mode_t mode)
{
    char text[11];

    mode_text(mode, text);
    return strchr(types, text[0] == '-' ? 'f' : text[0]) != NULL;
}

static bool perm_matches(const struct node *node, mode_t mode)
{
    mode_t wanted = (mode_t)node->number, had = mode & 07777;

    switch (node->sign) {
    case '-':
        return (had & wanted) == wanted;
    case '/':
        return !wanted || (had & wanted);
    default:
        return had == wanted;
    }
}

static bool number_matches(const struct node *node, long value)
{
    switch (node->sign) {
    case '+':
        return value > node->number;
    case '-':
        return value < node->number;
    default:
        return value == node->number;
    }
}

static bool is_later(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* Age in whole days or minutes; what is left of one doesn't count. */
static bool time_matches(const struct node *node, const struct stat *st)
{
    time_t then = node->which == 'a'   ? st->st_atime
                  : node->which == 'c' ? st->st_ctime
                                       : st->st_mtime;

    return number_matches(node, (long)(node->when.tv_sec - then) / node->unit);
}

static bool is_empty(const struct walk_item *item, struct result *result)
{
    char **entries;
    bool empty;

    if (!S_ISDIR(item->st.st_mode))
        return S_ISREG(item->st.st_mode) && item->st.st_size == 0;
    entries = app_entries(item->path, false);
    if (!entries) {
        app_warn("%s", item->path);
        result->failed = true;
        return false;
    }
    empty = !*entries;
    app_entries_free(entries);
    return empty;
}

static bool delete(const struct walk_item *item, struct result *result)
{
    int error;

    if (!strcmp(item->path, "."))
        return true;
    error = S_ISDIR(item->st.st_mode) ? rmdir(item->path) : unlink(item->path);
    if (!error)
        return true;
    app_warn("%s", item->path);
    result->failed = true;
    return false;
}

/* => true; so do all that only have an effect. */
static bool act(const struct node *node, const struct walk_item *item, struct result *result)
{
    switch (node->kind) {
    case FIND_PRINT:
        puts(item->path);
        return true;
    case FIND_PRINT0:
        fwrite(item->path, 1, strlen(item->path) + 1, stdout);
        return true;
    case FIND_PRUNE:
        result->pruned = true;
        return true;
    case FIND_QUIT:
        result->quit = true;
        return true;
    case FIND_DELETE:
        return delete (item, result);
    case FIND_EXEC_MANY:
        find_gather(node->command, item->path);
        return true;
    default:
        return find_run(node->command, item->path, node->kind == FIND_OK);
    }
}

static bool test(const struct node *node, const struct walk_item *item, struct result *result)
{
    const struct stat *st = &item->st;

    switch (node->kind) {
    case FIND_NAME:
        return name_matches(node->text, item->path);
    case FIND_INAME:
        return iname_matches(node->text, item->path);
    case FIND_PATH:
        return !fnmatch(node->text, item->path, 0);
    case FIND_TYPE:
        return type_matches(node->text, st->st_mode);
    case FIND_PERM:
        return perm_matches(node, st->st_mode);
    case FIND_SIZE:
        return number_matches(node, (long)((st->st_size + node->unit - 1) / node->unit));
    case FIND_LINKS:
        return number_matches(node, (long)st->st_nlink);
    case FIND_INUM:
        return number_matches(node, (long)st->st_ino);
    case FIND_USER:
        return st->st_uid == (uid_t)node->number;
    case FIND_GROUP:
        return st->st_gid == (gid_t)node->number;
    case FIND_NOUSER:
        return !getpwuid(st->st_uid);
    case FIND_NOGROUP:
        return !getgrgid(st->st_gid);
    case FIND_NEWER:
        return is_later(&st->st_mtim, &node->when);
    case FIND_TIME:
        return time_matches(node, st);
    case FIND_EMPTY:
        return is_empty(item, result);
    default:
        return act(node, item, result);
    }
}

bool find_holds(const struct node *node, const struct walk_item *item, struct result *result)
{
    switch (node->kind) {
    case FIND_AND:
        return find_holds(node->left, item, result) && !result->quit &&
               find_holds(node->right, item, result);
    case FIND_OR:
        return find_holds(node->left, item, result) ||
               (!result->quit && find_holds(node->right, item, result));
    case FIND_NOT:
        return !find_holds(node->left, item, result);
    case FIND_TRUE:
    case FIND_FALSE:
        return node->kind == FIND_TRUE;
    default:
        return test(node, item, result);
    }
}
