/* stat [-L] [-f] [-t] [-c FORMAT] [--printf=FORMAT] FILE...: all that the system knows of files. -L of
 * what links point to, -f of their file systems; the format's conversions are those of GNU's stat. */
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/mode.h"
#include "apps/common/names.h"

static const char usage[] = "[-L] [-f] [-t] [-c FORMAT] [--printf=FORMAT] FILE...";
static const char long_form[] = "  File: %N\n"
                                "  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n"
                                "Device: %Hd,%Ld\tInode: %-11i Links: %h\n"
                                "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n"
                                "Access: %x\nModify: %y\nChange: %z\n Birth: %w\n";
static const char device_form[] = "  File: %N\n"
                                  "  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n"
                                  "Device: %Hd,%Ld\tInode: %-11i Links: %-5h Device type: %Hr,%Lr\n"
                                  "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n"
                                  "Access: %x\nModify: %y\nChange: %z\n Birth: %w\n";
static const char short_form[] = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n";
static const char fs_form[] = "  File: \"%n\"\n"
                              "    ID: %-8i Namelen: %-7l Type: %T\n"
                              "Block size: %-10s Fundamental block size: %S\n"
                              "Blocks: Total: %-10b Free: %-10f Available: %a\n"
                              "Inodes: Total: %-10c Free: %d\n";

static bool follow, of_file_systems, escapes, terse;
static const char *format;

struct subject {
    const char *path;
    struct stat st;
    struct statvfs fs;
};

static const char *type_name(const struct stat *st)
{
    switch (st->st_mode & S_IFMT) {
    case S_IFREG:
        return st->st_size ? "regular file" : "regular empty file";
    case S_IFDIR:
        return "directory";
    case S_IFLNK:
        return "symbolic link";
    case S_IFCHR:
        return "character special file";
    case S_IFBLK:
        return "block special file";
    case S_IFIFO:
        return "fifo";
    default:
        return S_ISSOCK(st->st_mode) ? "socket" : "weird file";
    }
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"

/* `spec` is the conversion from % up to its letter, which the value decides. */
static void show_text(char *spec, const char *text)
{
    printf(strcat(spec, "s"), text);
}

static void show_number(char *spec, const char *kind, uintmax_t value)
{
    printf(strcat(strcat(spec, "j"), kind), value);
}

static void show_time(char *spec, struct timespec time)
{
    char day[32], zone[16], text[80];
    struct tm *tm = localtime(&time.tv_sec);

    strftime(day, sizeof day, "%Y-%m-%d %H:%M:%S", tm);
    strftime(zone, sizeof zone, "%z", tm);
    snprintf(text, sizeof text, "%s.%09ld %s", day, time.tv_nsec, zone);
    show_text(spec, text);
}

/* %N: the name, and where a link points; in quotes if the user asked. */
static void show_name(char *spec, const struct subject *subject)
{
    char target[PATH_MAX], text[2 * PATH_MAX + 10];
    const char *quote = format ? "'" : "";
    ssize_t n = S_ISLNK(subject->st.st_mode) ? readlink(subject->path, target, sizeof target - 1) : -1;
    int len = snprintf(text, sizeof text, "%s%s%s", quote, subject->path, quote);

    if (n >= 0)
        snprintf(text + len, sizeof text - (size_t)len, " -> %s%.*s%s", quote, (int)n, target, quote);
    show_text(spec, text);
}

static void show_device(char *spec, char part, dev_t device)
{
    show_number(spec, "u", part == 'H' ? major(device) : minor(device));
}

static bool convert_file_system(char *spec, char letter, const struct subject *subject)
{
    const struct statvfs *fs = &subject->fs;

    switch (letter) {
    case 'a':
        return show_number(spec, "u", fs->f_bavail), true;
    case 'b':
        return show_number(spec, "u", fs->f_blocks), true;
    case 'c':
        return show_number(spec, "u", fs->f_files), true;
    case 'd':
        return show_number(spec, "u", fs->f_ffree), true;
    case 'f':
        return show_number(spec, "u", fs->f_bfree), true;
    case 'i':
        return show_number(spec, "x", fs->f_fsid), true;
    case 'l':
        return show_number(spec, "u", fs->f_namemax), true;
    case 'n':
        return show_text(spec, subject->path), true;
    case 's':
        return show_number(spec, "u", fs->f_bsize), true;
    case 'S':
        return show_number(spec, "u", fs->f_frsize), true;
    case 'T':
        return show_text(spec, "ext2/ext3"), true;
    default:
        return false;
    }
}

static bool convert_time(char *spec, char letter, const struct stat *st)
{
    switch (letter) {
    case 'w':
        return show_text(spec, "-"), true;
    case 'W':
        return show_text(spec, "0"), true;
    case 'x':
        return show_time(spec, st->st_atim), true;
    case 'X':
        return show_number(spec, "d", (uintmax_t)st->st_atime), true;
    case 'y':
        return show_time(spec, st->st_mtim), true;
    case 'Y':
        return show_number(spec, "d", (uintmax_t)st->st_mtime), true;
    case 'z':
        return show_time(spec, st->st_ctim), true;
    case 'Z':
        return show_number(spec, "d", (uintmax_t)st->st_ctime), true;
    default:
        return false;
    }
}

static bool convert_text(char *spec, char letter, const struct subject *subject)
{
    const struct stat *st = &subject->st;
    char mode[11];

    mode_text(st->st_mode, mode);
    switch (letter) {
    case 'A':
        return show_text(spec, mode), true;
    case 'F':
        return show_text(spec, type_name(st)), true;
    case 'G':
        return show_text(spec, names_group(st->st_gid)), true;
    case 'n':
        return show_text(spec, subject->path), true;
    case 'N':
        return show_name(spec, subject), true;
    case 'U':
        return show_text(spec, names_user(st->st_uid)), true;
    default:
        return convert_time(spec, letter, st);
    }
}

static bool convert_number(char *spec, char letter, const struct stat *st)
{
    switch (letter) {
    case 'a':
        return show_number(spec, "o", st->st_mode & 07777), true;
    case 'b':
        return show_number(spec, "u", (uintmax_t)st->st_blocks), true;
    case 'B':
        return show_number(spec, "u", 512), true;
    case 'd':
        return show_number(spec, "u", st->st_dev), true;
    case 'D':
        return show_number(spec, "x", st->st_dev), true;
    case 'f':
        return show_number(spec, "x", st->st_mode), true;
    case 'g':
        return show_number(spec, "u", st->st_gid), true;
    case 'h':
        return show_number(spec, "u", st->st_nlink), true;
    case 'i':
        return show_number(spec, "u", st->st_ino), true;
    case 'o':
        return show_number(spec, "u", (uintmax_t)st->st_blksize), true;
    case 's':
        return show_number(spec, "u", (uintmax_t)st->st_size), true;
    case 't':
        return show_number(spec, "x", major(st->st_rdev)), true;
    case 'T':
        return show_number(spec, "x", minor(st->st_rdev)), true;
    case 'u':
        return show_number(spec, "u", st->st_uid), true;
    default:
        return false;
    }
}

/* One conversion, behind its %. => what follows it. */
static const char *convert(const char *text, const struct subject *subject)
{
    char spec[40] = "%";
    size_t n = strspn(text, "-+ #0123456789.");
    char letter = text[n], part;

    if (letter == '%' || !letter || n > sizeof spec - 8) {
        putchar('%');
        return text + n + (letter != 0);
    }
    strncat(spec, text, n);
    part = text[n + 1];
    if (!of_file_systems && (letter == 'H' || letter == 'L') && (part == 'd' || part == 'r')) {
        show_device(spec, letter, part == 'd' ? subject->st.st_dev : subject->st.st_rdev);
        return text + n + 2;
    }
    if (of_file_systems ? !convert_file_system(spec, letter, subject)
                        : !convert_text(spec, letter, subject) &&
                              !convert_number(spec, letter, &subject->st))
        putchar('?');
    return text + n + 1;
}

/* An escape of --printf, behind its backslash. => what follows it. */
static const char *show_escape(const char *text)
{
    static const char letters[] = "abefnrtv", values[] = "\a\b\033\f\n\r\t\v";
    const char *found = *text ? strchr(letters, *text) : NULL;
    char digits[4] = {0};
    size_t n = strspn(text, "01234567");

    if (n) {
        memcpy(digits, text, n = n > 3 ? 3 : n);
        putchar((int)strtol(digits, NULL, 8));
        return text + n;
    }
    putchar(found ? values[found - letters] : *text ? *text : '\\');
    return text + (*text != 0);
}

static void show(const char *text, const struct subject *subject)
{
    while (*text)
        if (*text == '%')
            text = convert(text + 1, subject);
        else if (*text == '\\' && escapes)
            text = show_escape(text + 1);
        else
            putchar(*text++);
}

static bool show_status(const char *path)
{
    struct subject subject = {.path = path};
    mode_t mode;

    if (of_file_systems ? statvfs(path, &subject.fs)
        : follow        ? stat(path, &subject.st)
                        : lstat(path, &subject.st)) {
        app_warn("cannot stat %s", path);
        return false;
    }
    mode = subject.st.st_mode;
    if (format) {
        show(format, &subject);
        if (!escapes)
            putchar('\n');
    } else if (of_file_systems) {
        show(fs_form, &subject);
    } else {
        bool is_device = S_ISCHR(mode) || S_ISBLK(mode);
        show(terse ? short_form : is_device ? device_form : long_form, &subject);
    }
    return true;
}

int main(int argc, char **argv)
{
    static const struct option longs[] = {{"printf", required_argument, NULL, 'p'},
                                          {"format", required_argument, NULL, 'c'},
                                          {"dereference", no_argument, NULL, 'L'},
                                          {"file-system", no_argument, NULL, 'f'},
                                          {"terse", no_argument, NULL, 't'},
                                          {0}};
    int option, status = 0;

    app_start(argv);
    while ((option = getopt_long(argc, argv, "Lftc:", longs, NULL)) != -1) {
        if (option == '?')
            app_usage(usage);
        follow |= option == 'L';
        of_file_systems |= option == 'f';
        terse |= option == 't';
        if (option == 'c' || option == 'p') {
            format = optarg;
            escapes = option == 'p';
        }
    }
    if (optind == argc)
        app_usage(usage);
    for (; optind < argc; optind++)
        status |= !show_status(argv[optind]);
    return app_finish(status);
}
