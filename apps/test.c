/* test EXPRESSION, [ EXPRESSION ] */
#include <string.h>

#include "apps/common/app.h"
#include "apps/common/test.h"

int main(int argc, char **argv)
{
    const char *complaint, *slash = strrchr(argv[0], '/');
    int status;

    app_start(argv);
    if (slash)
        argv[0] = (char *)slash + 1;
    status = test_command(argc, argv, &complaint);
    if (complaint)
        app_say("%s", complaint);
    return status;
}
