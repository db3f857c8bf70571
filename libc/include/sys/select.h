/* select: picolibc's declarations, with room for all descriptors. */
#ifndef _FAULTLINE_SYS_SELECT_H
#define _FAULTLINE_SYS_SELECT_H

#ifndef FD_SETSIZE
#define FD_SETSIZE 256
#endif
#include_next <sys/select.h>

#endif
