/* find [-H|-L|-P] [PATH...] [EXPRESSION]: files below directories for which the expression holds. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/common/app.h"
#include "apps/find/find.h"

static struct options options = {.most = -1};
static struct node *expression;
static struct result result;

static void evaluate(const struct walk_item *item)
{
    if (item->depth < options.least || (options.most >= 0 && item->depth > options.most))
        return;
    find_holds(expression, item, &result);
    if (result.quit) {
        find_run_waiting();
        exit(app_finish(result.failed));
    }
}

static bool before(const struct walk_item *item, void *self)
{
    bool is_directory = S_ISDIR(item->st.st_mode);

    result.pruned = false;
    if (!options.depth_first || !is_directory)
        evaluate(item);
    if (is_directory && options.most >= 0 && item->depth >= options.most) {
        if (options.depth_first)
            evaluate(item);
        return false;
    }
    return options.depth_first || !result.pruned;
}

static void after(const struct walk_item *item, void *self)
{
    if (options.depth_first)
        evaluate(item);
}

static int read_links(char **argv)
{
    int i = 1;

    for (; argv[i] && strlen(argv[i]) == 2 && argv[i][0] == '-' && strchr("HLP", argv[i][1]); i++)
        options.links = argv[i][1] == 'L'   ? WALK_TARGETS
                        : argv[i][1] == 'H' ? WALK_LINKS_TOP
                                            : WALK_LINKS;
    return i;
}

static bool begins_expression(const char *word)
{
    return (word[0] == '-' && word[1]) || !strcmp(word, "!") || !strcmp(word, "(");
}

int main(int argc, char **argv)
{
    struct walk all = {.before = before, .after = after};
    int paths, end, status = 0;

    app_start(argv);
    paths = end = read_links(argv);
    while (end < argc && !begins_expression(argv[end]))
        end++;
    expression = find_parse(argv + end, &options);
    all.links = options.links;
    all.one_device = options.one_device;
    if (paths == end)
        status = !walk(&all, ".");
    for (; paths < end; paths++)
        status |= !walk(&all, argv[paths]);
    status |= !find_run_waiting() || result.failed;
    return app_finish(status);
}
