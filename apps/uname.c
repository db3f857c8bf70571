/* uname [-amnrsv]: what system this is: -s its name (unless told), -n the machine's, -r release, -v
 * version, -m hardware, -a all. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    static const char letters[] = "snrvm";
    bool shown[sizeof letters] = {false}, any = false;
    struct utsname name;
    const char *parts[] = {name.sysname, name.nodename, name.release, name.version, name.machine};
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "amnrsv")) != -1) {
        if (option == '?')
            app_usage("[-amnrsv]");
        for (size_t i = 0; letters[i]; i++)
            shown[i] |= option == 'a' || option == letters[i];
        any = true;
    }
    if (optind < argc)
        app_usage("[-amnrsv]");
    if (uname(&name) < 0) {
        app_warn("uname");
        return 1;
    }
    shown[0] |= !any;
    any = false;
    for (size_t i = 0; letters[i]; i++)
        if (shown[i]) {
            printf("%s%s", any ? " " : "", parts[i]);
            any = true;
        }
    putchar('\n');
    return app_finish(0);
}
