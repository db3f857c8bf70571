/* Memory that must not leave RAM: not supported, and said so. */
#include <sys/mman.h>
#include "internal.h"

int mlock(const void *addr, size_t len)
{
    return fail(ENOSYS);
}

int munlock(const void *addr, size_t len)
{
    return fail(ENOSYS);
}

int mlockall(int flags)
{
    return fail(ENOSYS);
}

int munlockall(void)
{
    return fail(ENOSYS);
}
