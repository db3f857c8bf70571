/* The standard library: picolibc's declarations, and those that it lacks. */
#ifndef _FAULTLINE_STDLIB_H
#define _FAULTLINE_STDLIB_H

#include_next <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __GNU_VISIBLE
int clearenv(void);
#endif

#ifdef __cplusplus
}
#endif

#endif
