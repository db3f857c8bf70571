/* chmod [-R] [-f] [-v] MODE FILE...: octal, or symbolic as in u+rwx,go-w; -R with all that is below. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/mode.h"
#include "apps/common/walk.h"

static const char *text;
static bool recursive, quiet, verbose;
static mode_t mask;
static int status;

static void change(const char *path, mode_t old)
{
    mode_t mode = old;

    mode_change(text, &mode, mask);
    if (chmod(path, mode & 07777)) {
        if (!quiet)
            app_warn("%s", path);
        status = 1;
    } else if (verbose) {
        printf("mode of '%s' changed from %04o to %04o\n", path, old & 07777, mode & 07777);
    }
}

/* Links met on the way stay as they are: what they point to is elsewhere. */
static bool change_item(const struct walk_item *item, void *self)
{
    if (!S_ISLNK(item->st.st_mode))
        change(item->path, item->st.st_mode);
    return true;
}

static void change_file(const char *path)
{
    struct stat st;

    if (!stat(path, &st)) {
        change(path, st.st_mode);
        return;
    }
    if (!quiet)
        app_warn("%s", path);
    status = 1;
}

/* -w and the like look like options, but are modes. */
static bool is_mode(const char *argument)
{
    mode_t mode = 0;

    return argument[0] == '-' && argument[1] && strchr("rwxXstugo", argument[1]) &&
           mode_change(argument, &mode, 0);
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-R] [-f] [-v] MODE FILE...";
    const struct walk all = {.links = WALK_LINKS_TOP, .before = change_item};
    mode_t ignored = 0;
    int option;

    app_start(argv);
    umask(mask = umask(0));
    while (optind < argc && !is_mode(argv[optind]) && (option = getopt(argc, argv, "Rfv")) != -1) {
        if (option == '?')
            app_usage(usage);
        recursive |= option == 'R';
        quiet |= option == 'f';
        verbose |= option == 'v';
    }
    if (argc - optind < 2)
        app_usage(usage);
    text = argv[optind++];
    if (!mode_change(text, &ignored, mask)) {
        app_say("%s: not a mode", text);
        return 1;
    }
    for (; optind < argc; optind++)
        if (recursive)
            status |= !walk(&all, argv[optind]);
        else
            change_file(argv[optind]);
    return app_finish(status);
}
