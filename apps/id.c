/* id [-u|-g|-G] [-n] [-r] [USER]: who runs this, or who USER is, by numbers and names. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/names.h"

struct identity {
    uid_t uid, real_uid;
    gid_t gid, real_gid;
    gid_t *groups; /* the first is gid */
    size_t ngroups;
};

static void add_group(struct identity *who, gid_t gid)
{
    for (size_t i = 0; i < who->ngroups; i++)
        if (who->groups[i] == gid)
            return;
    who->groups = app_resize(who->groups, (who->ngroups + 1) * sizeof *who->groups);
    who->groups[who->ngroups++] = gid;
}

static void find_self(struct identity *who)
{
    int count = getgroups(0, NULL);
    gid_t *list = app_alloc((size_t)(count > 0 ? count : 1) * sizeof *list);

    *who = (struct identity){geteuid(), getuid(), getegid(), getgid(), NULL, 0};
    add_group(who, who->gid);
    count = getgroups(count, list);
    for (int i = 0; i < count; i++)
        add_group(who, list[i]);
    free(list);
}

static bool find_user(struct identity *who, const char *name)
{
    const struct passwd *user = getpwnam(name);
    const struct group *group;

    if (!user)
        return false;
    *who = (struct identity){user->pw_uid, user->pw_uid, user->pw_gid, user->pw_gid, NULL, 0};
    add_group(who, who->gid);
    setgrent();
    while ((group = getgrent()))
        for (char **member = group->gr_mem; *member; member++)
            if (!strcmp(*member, name))
                add_group(who, group->gr_gid);
    endgrent();
    return true;
}

static void show_number(unsigned long number, const char *name, bool named)
{
    if (named)
        fputs(name, stdout);
    else
        printf("%lu", number);
}

/* `letter` says which. */
static void show_one(const struct identity *who, char letter, bool named, bool real)
{
    uid_t uid = real ? who->real_uid : who->uid;
    gid_t gid = real ? who->real_gid : who->gid;

    if (letter == 'u')
        show_number(uid, names_user(uid), named);
    else if (letter == 'g')
        show_number(gid, names_group(gid), named);
    for (size_t i = 0; letter == 'G' && i < who->ngroups; i++) {
        fputs(i ? " " : "", stdout);
        show_number(who->groups[i], names_group(who->groups[i]), named);
    }
}

static void show_all(const struct identity *who)
{
    printf("uid=%lu(%s)", (unsigned long)who->real_uid, names_user(who->real_uid));
    printf(" gid=%lu(%s)", (unsigned long)who->real_gid, names_group(who->real_gid));
    if (who->uid != who->real_uid)
        printf(" euid=%lu(%s)", (unsigned long)who->uid, names_user(who->uid));
    if (who->gid != who->real_gid)
        printf(" egid=%lu(%s)", (unsigned long)who->gid, names_group(who->gid));
    for (size_t i = 0; i < who->ngroups; i++)
        printf("%s%lu(%s)", i ? "," : " groups=", (unsigned long)who->groups[i],
               names_group(who->groups[i]));
}

int main(int argc, char **argv)
{
    static const char usage[] = "[-u|-g|-G] [-n] [-r] [USER]";
    static struct identity who;
    bool named = false, real = false;
    char which = 0;
    int option;

    app_start(argv);
    while ((option = getopt(argc, argv, "ugGnr")) != -1) {
        if (option == '?' || (strchr("ugG", option) && which && which != option))
            app_usage(usage);
        named |= option == 'n';
        real |= option == 'r';
        which = strchr("ugG", option) ? (char)option : which;
    }
    if (argc - optind > 1 || ((named || real) && !which))
        app_usage(usage);
    if (optind == argc) {
        find_self(&who);
    } else if (!find_user(&who, argv[optind])) {
        app_say("%s: no such user", argv[optind]);
        return 1;
    }
    if (which)
        show_one(&who, which, named, real);
    else
        show_all(&who);
    putchar('\n');
    free(who.groups);
    return app_finish(0);
}
