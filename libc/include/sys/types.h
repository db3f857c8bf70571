/* System types: picolibc's, and those of threads. */
#ifndef _FAULTLINE_SYS_TYPES_H
#define _FAULTLINE_SYS_TYPES_H

#include_next <sys/types.h>
#include <sys/_pthreadtypes.h>

#endif
