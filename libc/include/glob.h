/* Paths that match a pattern. */
#ifndef _FAULTLINE_GLOB_H
#define _FAULTLINE_GLOB_H

#include_next <glob.h>

#ifndef GLOB_NOMATCH
#define GLOB_NOMATCH (-3)
#endif
#ifndef GLOB_ABORTED
#define GLOB_ABORTED GLOB_ABEND
#endif
#ifndef GLOB_NOESCAPE
#define GLOB_NOESCAPE 0
#endif

#endif
