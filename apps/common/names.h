/* Names of users and groups. */
#ifndef APPS_COMMON_NAMES_H
#define APPS_COMMON_NAMES_H

#include <stdbool.h>
#include <sys/types.h>

/* The name, or the number as text. It stands until the next call of the same function. */
const char *names_user(uid_t uid);
const char *names_group(gid_t gid);

/* A name or a number. => false if it is neither. */
bool names_find_user(const char *text, uid_t *uid);
bool names_find_group(const char *text, gid_t *gid);

#endif
