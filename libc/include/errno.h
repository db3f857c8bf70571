/* Error numbers: picolibc's, with those that it has for ports of Linux programs. */
#ifndef _FAULTLINE_ERRNO_H
#define _FAULTLINE_ERRNO_H

#ifndef __LINUX_ERRNO_EXTENSIONS__
#define __LINUX_ERRNO_EXTENSIONS__
#endif
#include_next <errno.h>

#ifndef EDEADLOCK
#define EDEADLOCK EDEADLK
#endif

#include <sys/features.h>
#if __GNU_VISIBLE
#ifdef __cplusplus
extern "C" {
#endif

extern char *program_invocation_name;       /* argv[0] */
extern char *program_invocation_short_name; /* its last component */

#ifdef __cplusplus
}
#endif
#endif

#endif
