/* Names of users and groups. */
#include "apps/common/names.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/common/app.h"

const char *names_user(uid_t uid)
{
    static char text[40];
    const struct passwd *user = getpwuid(uid);

    if (user)
        snprintf(text, sizeof text, "%s", user->pw_name);
    else
        snprintf(text, sizeof text, "%lu", (unsigned long)uid);
    return text;
}

const char *names_group(gid_t gid)
{
    static char text[40];
    const struct group *group = getgrgid(gid);

    if (group)
        snprintf(text, sizeof text, "%s", group->gr_name);
    else
        snprintf(text, sizeof text, "%lu", (unsigned long)gid);
    return text;
}

bool names_find_user(const char *text, uid_t *uid)
{
    const struct passwd *user = getpwnam(text);
    long number = -1;

    if (!user && (!app_number(text, &number) || number < 0))
        return false;
    *uid = user ? user->pw_uid : (uid_t)number;
    return true;
}

bool names_find_group(const char *text, gid_t *gid)
{
    const struct group *group = getgrnam(text);
    long number = -1;

    if (!group && (!app_number(text, &number) || number < 0))
        return false;
    *gid = group ? group->gr_gid : (gid_t)number;
    return true;
}
