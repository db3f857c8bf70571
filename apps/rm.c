/* rm [-dfiRrv] FILE...: -r directories with all that is in them, -d empty ones, -f no complaint about
 * missing ones, -i ask before each. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/remove.h"

/* The directory itself, the one above and the root are never meant. */
static bool is_refused(const char *path)
{
    char *last = app_basename(path);
    bool refused = !strcmp(last, ".") || !strcmp(last, "..") || !strcmp(last, "/");

    if (refused)
        app_say("refusing to remove %s", path);
    free(last);
    return refused;
}

int main(int argc, char **argv)
{
    struct removal how = {0};
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "dfiRrv")) != -1) {
        if (option == '?')
            app_usage("[-dfiRrv] FILE...");
        if (option == 'f' || option == 'i') {
            how.force = option == 'f';
            how.ask = option == 'i';
        }
        how.recursive |= option == 'r' || option == 'R';
        how.directories |= option == 'd';
        how.verbose |= option == 'v';
    }
    if (optind == argc && !how.force)
        app_usage("[-dfiRrv] FILE...");
    for (; optind < argc; optind++)
        status |= is_refused(argv[optind]) || !remove_path(&how, argv[optind]);
    return app_finish(status);
}
