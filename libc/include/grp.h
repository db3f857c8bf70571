/* Groups of users: picolibc's declarations, and what it lacks. */
#ifndef _FAULTLINE_GRP_H
#define _FAULTLINE_GRP_H

#include_next <grp.h>

#ifdef __cplusplus
extern "C" {
#endif

int getgrouplist(const char *name, gid_t gid, gid_t *groups, int *n);

#ifdef __cplusplus
}
#endif

#endif
