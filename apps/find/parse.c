/* find's expression: OR of ANDs of possibly negated primaries, parentheses around them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/common/app.h"
#include "apps/common/mode.h"
#include "apps/common/names.h"
#include "apps/find/find.h"

static char **next;
static struct options *options;
static bool acts; /* something but -print's default is done */

static struct node *parse_or(void);

static struct node *make(enum kind kind, struct node *left, struct node *right)
{
    struct node *node = app_alloc(sizeof *node);

    *node = (struct node){.kind = kind, .left = left, .right = right};
    return node;
}

static _Noreturn void complain(const char *word, const char *what)
{
    app_say("%s: %s", word, what);
    app_quit();
}

static char *argument(const char *name)
{
    if (!*next)
        complain(name, "needs an argument");
    return *next++;
}

/* [+|-]N, perhaps with more behind. => what is behind. */
static const char *read_number(struct node *node, const char *name, const char *text)
{
    char *end;

    node->sign = *text == '+' || *text == '-' ? *text++ : 0;
    node->number = strtol(text, &end, 10);
    if (*text < '0' || *text > '9')
        complain(name, "needs a number");
    return end;
}

static void parse_count(struct node *node, const char *name, const char *text)
{
    if (*read_number(node, name, text))
        complain(name, "needs a number");
}

static void parse_size(struct node *node, const char *name, const char *text)
{
    static const struct {
        const char *name;
        long bytes;
    } units[] = {{"", 512},     {"b", 512},        {"c", 1},          {"w", 2},
                 {"k", 1 << 10}, {"M", 1 << 20}, {"G", 1L << 30}};
    const char *unit = read_number(node, name, text);

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!strcmp(unit, units[i].name))
            node->unit = units[i].bytes;
    if (!node->unit)
        complain(text, "not a size");
}

static void parse_perm(struct node *node, const char *name, const char *text)
{
    mode_t mode = 0;

    node->sign = *text == '-' || *text == '/' ? *text : 0;
    if (!mode_change(text + (node->sign != 0), &mode, 0))
        complain(text, "not a mode");
    node->number = mode & 07777;
}

static void parse_type(struct node *node, const char *name, const char *text)
{
    if (!*text || strspn(text, "bcdflps,") != strlen(text))
        complain(text, "not a type");
    node->text = text;
}

static void parse_text(struct node *node, const char *name, const char *text)
{
    node->text = text;
}

static void parse_user(struct node *node, const char *name, const char *text)
{
    uid_t uid;

    if (!names_find_user(text, &uid))
        complain(text, "no such user");
    node->number = (long)uid;
}

static void parse_group(struct node *node, const char *name, const char *text)
{
    gid_t gid;

    if (!names_find_group(text, &gid))
        complain(text, "no such group");
    node->number = (long)gid;
}

static void parse_newer(struct node *node, const char *name, const char *text)
{
    struct stat st;

    if (stat(text, &st)) {
        app_warn("%s", text);
        app_quit();
    }
    node->when = st.st_mtim;
}

/* -mtime counts days, -mmin minutes. */
static void parse_time(struct node *node, const char *name, const char *text)
{
    parse_count(node, name, text);
    node->which = name[1];
    node->unit = name[2] == 't' ? 86400 : 60;
    clock_gettime(CLOCK_REALTIME, &node->when);
}

/* COMMAND... ; or COMMAND... {} + */
static void parse_command(struct node *node, const char *name)
{
    struct command *command = app_alloc(sizeof *command);

    *command = (struct command){.words = next};
    while (*next && strcmp(*next, ";") &&
           !(!strcmp(*next, "+") && next > command->words && !strcmp(next[-1], "{}")))
        next++;
    command->count = (int)(next - command->words);
    if (!command->count)
        complain(name, "needs a command");
    node->command = command;
    if (!strcmp(argument(name), "+")) {
        if (node->kind == FIND_OK)
            complain(name, "asks for one at a time");
        node->kind = FIND_EXEC_MANY;
        command->count--;
        find_await(command);
    }
}

static const struct {
    const char *name;
    enum kind kind;
    void (*parse)(struct node *node, const char *name, const char *text);
} tests[] = {
    {"-name", FIND_NAME, parse_text},       {"-iname", FIND_INAME, parse_text},
    {"-path", FIND_PATH, parse_text},       {"-wholename", FIND_PATH, parse_text},
    {"-type", FIND_TYPE, parse_type},       {"-perm", FIND_PERM, parse_perm},
    {"-size", FIND_SIZE, parse_size},       {"-links", FIND_LINKS, parse_count},
    {"-inum", FIND_INUM, parse_count},      {"-user", FIND_USER, parse_user},
    {"-group", FIND_GROUP, parse_group},    {"-newer", FIND_NEWER, parse_newer},
    {"-atime", FIND_TIME, parse_time},      {"-mtime", FIND_TIME, parse_time},
    {"-ctime", FIND_TIME, parse_time},      {"-amin", FIND_TIME, parse_time},
    {"-mmin", FIND_TIME, parse_time},       {"-cmin", FIND_TIME, parse_time},
    {"-nouser", FIND_NOUSER, NULL},         {"-nogroup", FIND_NOGROUP, NULL},
    {"-empty", FIND_EMPTY, NULL},           {"-true", FIND_TRUE, NULL},
    {"-false", FIND_FALSE, NULL},           {"-prune", FIND_PRUNE, NULL},
    {"-print", FIND_PRINT, NULL},           {"-print0", FIND_PRINT0, NULL},
    {"-delete", FIND_DELETE, NULL},         {"-quit", FIND_QUIT, NULL},
};

static long read_depth(const char *name)
{
    const char *text = argument(name);
    long depth;

    if (!app_number(text, &depth) || depth < 0)
        complain(text, "not a depth");
    return depth;
}

/* Options stand among the tests, and always hold. => whether it was one. */
static bool parse_option(const char *name)
{
    if (!strcmp(name, "-depth") || !strcmp(name, "-d"))
        options->depth_first = true;
    else if (!strcmp(name, "-xdev") || !strcmp(name, "-mount"))
        options->one_device = true;
    else if (!strcmp(name, "-follow"))
        options->links = WALK_TARGETS;
    else if (!strcmp(name, "-maxdepth"))
        options->most = read_depth(name);
    else if (!strcmp(name, "-mindepth"))
        options->least = read_depth(name);
    else
        return false;
    return true;
}

static struct node *parse_test(const char *name)
{
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        struct node *node;
        if (strcmp(name, tests[i].name))
            continue;
        node = make(tests[i].kind, NULL, NULL);
        if (tests[i].parse)
            tests[i].parse(node, name, argument(name));
        acts |= node->kind >= FIND_PRINT && node->kind != FIND_QUIT;
        options->depth_first |= node->kind == FIND_DELETE;
        return node;
    }
    complain(name, "unknown");
}

static struct node *parse_primary(void)
{
    const char *name = *next;
    struct node *node;

    if (!name)
        complain("expression", "ends too early");
    next++;
    if (!strcmp(name, "!") || !strcmp(name, "-not"))
        return make(FIND_NOT, parse_primary(), NULL);
    if (!strcmp(name, "(")) {
        node = parse_or();
        if (!*next || strcmp(*next++, ")"))
            complain("(", "without )");
        return node;
    }
    if (parse_option(name))
        return make(FIND_TRUE, NULL, NULL);
    if (strcmp(name, "-exec") && strcmp(name, "-ok"))
        return parse_test(name);
    node = make(strcmp(name, "-ok") ? FIND_EXEC : FIND_OK, NULL, NULL);
    parse_command(node, name);
    acts = true;
    return node;
}

static bool is_next(const char *name, const char *other)
{
    return *next && (!strcmp(*next, name) || !strcmp(*next, other));
}

static struct node *parse_and(void)
{
    struct node *node = parse_primary();

    while (*next && !is_next("-o", "-or") && !is_next(")", ")")) {
        next += is_next("-a", "-and");
        node = make(FIND_AND, node, parse_primary());
    }
    return node;
}

static struct node *parse_or(void)
{
    struct node *node = parse_and();

    while (is_next("-o", "-or")) {
        next++;
        node = make(FIND_OR, node, parse_and());
    }
    return node;
}

struct node *find_parse(char **argv, struct options *changed)
{
    struct node *node;

    next = argv;
    options = changed;
    node = *next ? parse_or() : make(FIND_TRUE, NULL, NULL);
    if (*next)
        complain(*next, "not expected here");
    return acts ? node : make(FIND_AND, node, make(FIND_PRINT, NULL, NULL));
}
