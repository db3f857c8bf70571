/* The name of this system. */
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "internal.h"

static const char host[] = "faultline";

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

/* The name is built in. */
int sethostname(const char *name, size_t size)
{
    return fail(ENOSYS);
}

int getdomainname(char *name, size_t size)
{
    return size == 0 ? fail(EINVAL) : result(user_copy(name, "", 1));
}

long gethostid(void)
{
    return 0;
}
