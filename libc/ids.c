/* One user: root. Who asks is told so; becoming somebody else is refused. */
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

static struct passwd root_user = {
    .pw_name = "root", .pw_passwd = "", .pw_comment = "", .pw_gecos = "root", .pw_dir = "/root",
    .pw_shell = "/bin/sh",
};
static char *no_members[] = {NULL};
static struct group root_group = {.gr_name = "root", .gr_passwd = "", .gr_mem = no_members};

uid_t getuid(void)
{
    return 0;
}

uid_t geteuid(void)
{
    return 0;
}

gid_t getgid(void)
{
    return 0;
}

gid_t getegid(void)
{
    return 0;
}

int getgroups(int size, gid_t list[])
{
    if (size < 0)
        return fail(EINVAL);
    return size > 0 && USER_PUT(&list[0], 0) ? -1 : 1;
}

int getresuid(uid_t *real, uid_t *effective, uid_t *saved)
{
    return USER_PUT(real, 0) || USER_PUT(effective, 0) || USER_PUT(saved, 0) ? -1 : 0;
}

int getresgid(gid_t *real, gid_t *effective, gid_t *saved)
{
    return USER_PUT(real, 0) || USER_PUT(effective, 0) || USER_PUT(saved, 0) ? -1 : 0;
}

int setuid(uid_t uid)
{
    return uid == 0 ? 0 : fail(EPERM);
}

int seteuid(uid_t uid)
{
    return setuid(uid);
}

int setgid(gid_t gid)
{
    return gid == 0 ? 0 : fail(EPERM);
}

int setegid(gid_t gid)
{
    return setgid(gid);
}

int setreuid(uid_t real, uid_t effective)
{
    return (real == 0 || real == (uid_t)-1) && (effective == 0 || effective == (uid_t)-1)
               ? 0
               : fail(EPERM);
}

int setregid(gid_t real, gid_t effective)
{
    return setreuid(real, effective);
}

int setgroups(int n, const gid_t *list)
{
    return n == 0 || (n == 1 && list[0] == 0) ? 0 : fail(EPERM);
}

/* Groups of a user beside `gid`: none. */
int getgrouplist(const char *name, gid_t gid, gid_t *groups, int *n)
{
    int room = *n;

    *n = 1;
    if (room < 1)
        return -1;
    groups[0] = gid;
    return 1;
}

int initgroups(const char *name, gid_t gid)
{
    return gid == 0 ? 0 : fail(EPERM);
}

struct passwd *getpwuid(uid_t uid)
{
    return uid == 0 ? &root_user : NULL;
}

struct passwd *getpwnam(const char *name)
{
    return strcmp(name, "root") == 0 ? &root_user : NULL;
}

/* The strings are constant: nothing of `buf` is needed. */
int getpwuid_r(uid_t uid, struct passwd *out, char *buf, size_t size, struct passwd **found)
{
    *found = uid == 0 ? (*out = root_user, out) : NULL;
    return 0;
}

int getpwnam_r(const char *name, struct passwd *out, char *buf, size_t size, struct passwd **found)
{
    return getpwuid_r(strcmp(name, "root") ? 1 : 0, out, buf, size, found);
}

static int users_read;

struct passwd *getpwent(void)
{
    return users_read++ ? NULL : &root_user;
}

void setpwent(void)
{
    users_read = 0;
}

void endpwent(void)
{
    users_read = 0;
}

struct group *getgrgid(gid_t gid)
{
    return gid == 0 ? &root_group : NULL;
}

struct group *getgrnam(const char *name)
{
    return strcmp(name, "root") == 0 ? &root_group : NULL;
}

int getgrgid_r(gid_t gid, struct group *out, char *buf, size_t size, struct group **found)
{
    *found = gid == 0 ? (*out = root_group, out) : NULL;
    return 0;
}

int getgrnam_r(const char *name, struct group *out, char *buf, size_t size, struct group **found)
{
    return getgrgid_r(strcmp(name, "root") ? 1 : 0, out, buf, size, found);
}

static int groups_read;

struct group *getgrent(void)
{
    return groups_read++ ? NULL : &root_group;
}

void setgrent(void)
{
    groups_read = 0;
}

void endgrent(void)
{
    groups_read = 0;
}

char *getlogin(void)
{
    return root_user.pw_name;
}

int getlogin_r(char *buf, size_t size)
{
    if (size < sizeof "root")
        return ERANGE;
    strcpy(buf, "root");
    return 0;
}
