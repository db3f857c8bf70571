/* The name of this system. */
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "internal.h"

static char host[65] = "faultline";

int uname(struct utsname *name)
{
    *name = (struct utsname){.sysname = "Faultline", .release = "0.1", .version = "1",
                             .machine = "riscv64"};
    strcpy(name->nodename, host);
    return 0;
}

int gethostname(char *name, size_t size)
{
    if (size <= strlen(host))
        return fail(ENAMETOOLONG);
    strcpy(name, host);
    return 0;
}

long gethostid(void)
{
    return 0;
}
