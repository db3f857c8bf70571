/* The name of this system. */
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "internal.h"

static char host[65] = "faultline";

int uname(struct utsname *name)
{
    struct utsname this = {.sysname = "Faultline", .release = "0.1", .version = "1",
                           .machine = "riscv64"};

    strcpy(this.nodename, host);
    return USER_PUT(name, this);
}

int gethostname(char *name, size_t size)
{
    if (size <= strlen(host))
        return fail(ENAMETOOLONG);
    return result(user_copy(name, host, strlen(host) + 1));
}

long gethostid(void)
{
    return 0;
}
