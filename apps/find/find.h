/* Expressions of find: parsed into a tree, evaluated for each file. */
#ifndef APPS_FIND_FIND_H
#define APPS_FIND_FIND_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

#include "apps/common/walk.h"

enum kind {
    FIND_AND, FIND_OR, FIND_NOT, FIND_TRUE, FIND_FALSE,
    FIND_NAME, FIND_INAME, FIND_PATH, FIND_TYPE, FIND_PERM, FIND_SIZE, FIND_LINKS, FIND_INUM,
    FIND_USER, FIND_GROUP, FIND_NOUSER, FIND_NOGROUP, FIND_NEWER, FIND_TIME, FIND_EMPTY,
    FIND_PRUNE, FIND_PRINT, FIND_PRINT0, FIND_DELETE, FIND_QUIT, FIND_EXEC, FIND_EXEC_MANY, FIND_OK,
};

/* Words of a command and, with {} +, the paths that wait for it. */
struct command {
    char **words;
    int count;
    char **paths;
    int waiting;
    size_t bytes;
    struct command *next; /* of those with {} + */
};

struct node {
    enum kind kind;
    struct node *left, *right; /* of AND and OR; NOT has left */
    const char *text;
    char sign;       /* + more, - less, / any (of -perm); 0 exactly */
    long number;
    long unit;       /* bytes of -size's block, seconds of -mtime's day */
    char which;      /* time: a, m or c */
    struct timespec when;
    struct command *command;
};

struct options {
    enum walk_links links;
    bool depth_first, one_device;
    long least, most; /* depth; most -1: any */
};

/* The expression in argv; *options is changed by those that stand in it. Adds -print if nothing acts.
 * Ends the program with a message if it is none. */
struct node *find_parse(char **argv, struct options *options);

/* What evaluation leaves behind. */
struct result {
    bool pruned, quit, failed;
};

bool find_holds(const struct node *node, const struct walk_item *item, struct result *result);

/* Run a command for one path. => whether its status was 0. */
bool find_run(struct command *command, const char *path, bool ask);
/* Keep a path for it, and run it if there are many. */
void find_gather(struct command *command, const char *path);
/* Run those that wait. => false if one failed. */
bool find_run_waiting(void);
void find_await(struct command *command); /* find_run_waiting() will look at it */

#endif
