/* install [-d] [-D] [-c] [-p] [-v] [-m MODE] [-o OWNER] [-g GROUP] [-t DIRECTORY] FILE... TARGET: copies with a mode,
 * 755 unless told; -d: directories. -D: with the directories above. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/copy.h"
#include "apps/common/mode.h"
#include "apps/common/names.h"

static const char usage[] = "[-dDcpv] [-m MODE] [-o OWNER] [-g GROUP] [-t DIRECTORY] FILE... TARGET";
static mode_t mode = 0755;
static uid_t uid = (uid_t)-1;
static gid_t gid = (gid_t)-1;
static bool directories, above_too, keep_times, verbose;
static const char *into;

/* => false after a message. */
static bool set_attributes(const char *path)
{
    bool owned = (uid == (uid_t)-1 && gid == (gid_t)-1) || !chown(path, uid, gid);

    if (owned && !chmod(path, mode))
        return true;
    app_warn("%s", path);
    return false;
}

static bool make_one(const char *path)
{
    if (!mkdir(path, 0755) || (errno == EEXIST && app_is_directory(path)))
        return true;
    app_warn("%s", path);
    return false;
}

/* All of the path up to `end`. */
static bool make_directories(const char *path, size_t end)
{
    char *part = app_dup(path);
    bool made = true;

    for (size_t i = 1; made && i < end; i++)
        if (path[i] == '/' && path[i - 1] != '/') {
            part[i] = 0;
            made = make_one(part);
            part[i] = '/';
        }
    part[end] = 0;
    made = made && (!end || make_one(part));
    free(part);
    return made;
}

static bool install_file(const char *from, const char *to)
{
    const struct copy how = {.force = true, .keep_attributes = keep_times};
    const char *slash = strrchr(to, '/');

    if (above_too && slash && slash > to && !make_directories(to, (size_t)(slash - to)))
        return false;
    if (app_is_directory(from)) {
        app_say("%s: is a directory", from);
        return false;
    }
    unlink(to);
    if (!copy_path(&how, from, to) || !set_attributes(to))
        return false;
    if (verbose)
        printf("'%s' -> '%s'\n", from, to);
    return true;
}

static bool install_into(const char *from, const char *dir)
{
    char *last = app_basename(from), *to = app_join(dir, last);
    bool installed = install_file(from, to);

    free(last);
    free(to);
    return installed;
}

static void read_option(int option)
{
    bool good = true;

    switch (option) {
    case 'm':
        mode = 0;
        good = mode_change(optarg, &mode, 0);
        break;
    case 'o':
        good = names_find_user(optarg, &uid);
        break;
    case 'g':
        good = names_find_group(optarg, &gid);
        break;
    case 't':
        into = optarg;
        break;
    case '?':
        app_usage(usage);
    default:
        directories |= option == 'd';
        above_too |= option == 'D';
        keep_times |= option == 'p';
        verbose |= option == 'v';
    }
    if (!good) {
        app_say("%s: not a mode, user or group", optarg);
        app_quit();
    }
}

static int install_files(char **paths, int count)
{
    const char *target = into ? into : paths[--count];
    int status = 0;

    if (into && above_too && !make_directories(into, strlen(into)))
        return 1;
    if (!into && count == 1 && !app_is_directory(target))
        return !install_file(paths[0], target);
    if (!app_is_directory(target)) {
        app_say("%s: not a directory", target);
        return 1;
    }
    for (int i = 0; i < count; i++)
        status |= !install_into(paths[i], target);
    return status;
}

int main(int argc, char **argv)
{
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "dDcpvm:o:g:t:")) != -1)
        read_option(option);
    if (argc - optind < (directories || into ? 1 : 2))
        app_usage(usage);
    if (!directories)
        return app_finish(install_files(argv + optind, argc - optind));
    for (; optind < argc; optind++)
        status |= !make_directories(argv[optind], strlen(argv[optind])) || !set_attributes(argv[optind]);
    return app_finish(status);
}
