/* Errors of kernel and servers as errno values: the table of <abi/error.h>. */
#include "internal.h"

int error_errno(int rc)
{
    switch (rc) {
#define X(name, value, posix, text)                                                                \
    case value:                                                                                    \
        return posix;
        ERR_LIST(X)
#undef X
    default:
        return rc == 0 ? 0 : EIO;
    }
}
