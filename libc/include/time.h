/* Time: picolibc's, with what tzset() finds out under its names of POSIX. */
#ifndef _FAULTLINE_TIME_H
#define _FAULTLINE_TIME_H

#include_next <time.h>

#if __XSI_VISIBLE || __BSD_VISIBLE || __MISC_VISIBLE
#ifdef __cplusplus
extern "C" {
#endif

extern long timezone __asm__("_timezone"); /* seconds west of Greenwich */
extern int daylight __asm__("_daylight");  /* there is a rule for summer time */

#ifdef __cplusplus
}
#endif
#endif

#endif
