/* Shared objects: there are none, which is what each of these functions reports. */
#include <dlfcn.h>
#include "internal.h"

static const char *message;

static int refuse(void)
{
    message = "programs are static: there are no shared objects";
    return -1;
}

void *dlopen(const char *path, int mode)
{
    refuse();
    return NULL;
}

int dlclose(void *handle)
{
    return refuse();
}

void *dlsym(void *restrict handle, const char *restrict name)
{
    refuse();
    return NULL;
}

char *dlerror(void)
{
    const char *was = message;

    message = NULL;
    return (char *)was;
}

int dladdr(const void *address, Dl_info *info)
{
    return 0; /* nothing is found */
}
