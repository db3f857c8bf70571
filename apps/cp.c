/* cp [-R|-r] [-H|-L|-P] [-afilnpsTuv] [-t DIR] SOURCE... TARGET: into TARGET if that is a directory. -R
 * directories with all that is in them; -p keeps times, owner and mode; -a is -RpP; -l and -s make links. */
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/copy.h"

static const char usage[] = "[-R] [-H|-L|-P] [-afilnpsTuv] [-t DIR] SOURCE... TARGET";
static struct copy how;
static const char *target;
static char links; /* H, L or P; 0: not told */
static bool target_is_file;

static void read_option(int option)
{
    if (option == '?')
        app_usage(usage);
    if (strchr("HLP", option))
        links = (char)option;
    if (option == 'a' || option == 'd')
        links = 'P';
    if (option == 't')
        target = optarg;
    how.recursive |= strchr("aRr", option) != NULL;
    how.keep_attributes |= option == 'a' || option == 'p';
    how.force |= option == 'f';
    how.newer_only |= option == 'u';
    how.verbose |= option == 'v';
    how.hard |= option == 'l';
    how.symbolic |= option == 's';
    target_is_file |= option == 'T';
    if (option == 'i' || option == 'n') {
        how.ask = option == 'i';
        how.never = option == 'n';
    }
}

int main(int argc, char **argv)
{
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "adfHiLlnPpRrst:Tuv")) != -1)
        read_option(option);
    how.keep_links = links ? links != 'L' : how.recursive;
    how.top_links = links == 'H';
    if (!target && argc - optind >= 2)
        target = argv[--argc];
    if (!target || optind == argc)
        app_usage(usage);
    if (target_is_file || !app_is_directory(target)) {
        size_t len = strlen(target);
        bool must_be_directory = argc - optind != 1 || (!how.recursive && target[len - 1] == '/');
        if (!must_be_directory)
            return app_finish(!copy_path(&how, argv[optind], target));
        app_say("%s: is not a directory", target);
        return 1;
    }
    for (; optind < argc; optind++)
        status |= !copy_into(&how, argv[optind], target);
    return app_finish(status);
}
