/* df [-h|-k] [-i] [-P|-t] [FILE...]: space of the file systems that hold the files (none: the root),
 * in blocks of 512 bytes unless told. A file system's device is the block device in /dev with its
 * number, its place the topmost directory that is still on it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/size.h"

static bool human, inodes;
static unsigned block_bytes = 512;

static char *device_name(dev_t device)
{
    char **entries = app_entries("/dev", false), *found = NULL;

    for (char **entry = entries; entry && *entry && !found; entry++) {
        char *path = app_join("/dev", *entry);
        struct stat st;
        if (!lstat(path, &st) && S_ISBLK(st.st_mode) && st.st_rdev == device)
            found = path;
        else
            free(path);
    }
    if (entries)
        app_entries_free(entries);
    return found ? found : app_dup("-");
}

/* Cut the last part of an absolute path, but for the slash that is the root. */
static void cut_last(char *path)
{
    char *slash = strrchr(path, '/');

    slash[slash == path] = 0;
}

/* Cut an absolute path down to the topmost directory that is still on the device. */
static void cut_to_mount_point(char *path, dev_t device)
{
    char *above = app_dup(path);
    struct stat st;

    while (path[1]) {
        cut_last(above);
        if (stat(above, &st) || st.st_dev != device)
            break;
        strcpy(path, above);
    }
    free(above);
}

static void show_count(uint64_t value)
{
    char text[SIZE_TEXT_BYTES];

    if (human)
        printf(" %11s", size_human(value, text));
    else
        printf(" %11" PRIu64, value);
}

/* `value` of the file system's own units in ours. */
static uint64_t scaled(uint64_t value, const struct statvfs *fs)
{
    return inodes ? value : human ? value * fs->f_frsize : value * fs->f_frsize / block_bytes;
}

static void show(const char *device, const char *place, const struct statvfs *fs)
{
    uint64_t total = inodes ? fs->f_files : fs->f_blocks, free = inodes ? fs->f_ffree : fs->f_bfree;
    uint64_t available = inodes ? fs->f_favail : fs->f_bavail, used = total - free;

    printf("%-15s", device);
    show_count(scaled(total, fs));
    show_count(scaled(used, fs));
    show_count(scaled(available, fs));
    if (used + available)
        printf(" %7" PRIu64 "%%", (used * 100 + used + available - 1) / (used + available));
    else
        printf(" %8s", "-");
    printf(" %s\n", place);
}

/* Once, before the first line. */
static void show_head(void)
{
    static bool shown;
    char unit[32];

    if (shown)
        return;
    shown = true;
    snprintf(unit, sizeof unit, "%u-blocks", block_bytes);
    printf("%-15s %11s %11s %11s %8s %s\n", "Filesystem",
           inodes  ? "Inodes"
           : human ? "Size"
                   : unit,
           "Used", "Available", "Capacity", "Mounted on");
}

static bool df(const char *path)
{
    char *place = realpath(path, NULL), *device;
    struct statvfs fs;
    struct stat st;

    if (!place || stat(place, &st) || statvfs(place, &fs)) {
        app_warn("%s", path);
        free(place);
        return false;
    }
    if (!S_ISDIR(st.st_mode))
        cut_last(place);
    show_head();
    cut_to_mount_point(place, st.st_dev);
    device = device_name(st.st_dev);
    show(device, place, &fs);
    free(device);
    free(place);
    return true;
}

int main(int argc, char **argv)
{
    int option, status = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "hkiPt")) != -1) {
        if (option == '?')
            app_usage("[-h|-k] [-i] [-P|-t] [FILE...]");
        human |= option == 'h';
        inodes |= option == 'i';
        block_bytes = option == 'k' ? 1024 : block_bytes;
    }
    if (optind == argc)
        status = !df("/");
    for (; optind < argc; optind++)
        status |= !df(argv[optind]);
    return app_finish(status);
}
