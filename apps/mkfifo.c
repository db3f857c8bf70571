/* mkfifo [-m MODE] FILE...: pipes with a name. */
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/mode.h"

int main(int argc, char **argv)
{
    static const char usage[] = "[-m MODE] FILE...";
    mode_t mode = 0666;
    bool exact = false;
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "m:")) != -1) {
        if (option != 'm')
            app_usage(usage);
        if (!mode_for_new(optarg, &mode))
            return 1;
        exact = true;
    }
    if (optind == argc)
        app_usage(usage);
    for (; optind < argc; optind++)
        if (mkfifo(argv[optind], mode) || (exact && chmod(argv[optind], mode))) {
            app_warn("%s", argv[optind]);
            status = 1;
        }
    return status;
}
