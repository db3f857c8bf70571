/* link OLD NEW: one more name for a file. unlink FILE: one less. Neither looks further than the call. */
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    bool takes;

    app_start(argv);
    takes = !strcmp(app_name(), "unlink");
    if (getopt(argc, argv, "") != -1 || argc - optind != (takes ? 1 : 2))
        app_usage(takes ? "FILE" : "OLD NEW");
    if (!(takes ? unlink(argv[optind]) : link(argv[optind], argv[optind + 1])))
        return 0;
    app_warn("%s", argv[optind]);
    return 1;
}
