/* chown [-R [-H|-L|-P]] [-hf] OWNER[:GROUP] FILE..., chgrp GROUP FILE...: who owns files. -h: links themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/names.h"
#include "apps/common/walk.h"

static uid_t uid = (uid_t)-1;
static gid_t gid = (gid_t)-1;
static bool recursive, links_too, quiet;
static int status;

static _Noreturn void complain(const char *text, const char *what)
{
    app_say("%s: no such %s", text, what);
    app_quit();
}

static void read_group(const char *text)
{
    if (*text && !names_find_group(text, &gid))
        complain(text, "group");
}

static void read_owner(char *text)
{
    char *colon = strchr(text, ':');

    if (colon) {
        *colon = 0;
        read_group(colon + 1);
    }
    if (*text && !names_find_user(text, &uid))
        complain(text, "user");
}

static void change(const char *path, bool follow)
{
    if (!(follow ? chown(path, uid, gid) : lchown(path, uid, gid)))
        return;
    if (!quiet)
        app_warn("%s", path);
    status = 1;
}

static bool change_item(const struct walk_item *item, void *self)
{
    change(item->path, !S_ISLNK(item->st.st_mode));
    return true;
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-R [-H|-L|-P]] [-hf] OWNER[:GROUP] FILE...";
    struct walk all = {.links = WALK_LINKS, .before = change_item};
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "RHLPhf")) != -1) {
        if (option == '?')
            app_usage(usage);
        recursive |= option == 'R';
        links_too |= option == 'h';
        quiet |= option == 'f';
        if (strchr("HLP", option))
            all.links = option == 'H' ? WALK_LINKS_TOP : option == 'L' ? WALK_TARGETS : WALK_LINKS;
    }
    if (argc - optind < 2)
        app_usage(usage);
    if (strcmp(app_name(), "chgrp"))
        read_owner(argv[optind++]);
    else
        read_group(argv[optind++]);
    for (; optind < argc; optind++)
        if (recursive)
            status |= !walk(&all, argv[optind]);
        else
            change(argv[optind], !links_too);
    return app_finish(status);
}
