/* ls [-1AaCcdFfghikLlmnopqRrSstUux] [FILE...]: what directories hold (POSIX, "ls" utility). */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/mode.h"
#include "apps/common/names.h"
#include "apps/common/size.h"

#define HALF_YEAR_SECONDS (365L * 24 * 3600 / 2)

enum form { FORM_LINES, FORM_LONG, FORM_COLUMNS, FORM_ROWS, FORM_COMMAS };
enum order { ORDER_NAME, ORDER_TIME, ORDER_SIZE, ORDER_NONE };

static const char usage[] = "[-1AaCcdFfghikLlmnopqRrSstUux] [FILE...]";
static enum form form;
static enum order order;
static char time_kind = 'm'; /* or 'a', 'c' */
static bool all, almost_all, themselves, inodes, blocks, reverse, recursive, follow, follow_top;
static bool numeric, without_owner, without_group, human, slash_only, classify, hide_unprintable;
static unsigned block_bytes = 512;

static int status;
static bool any_shown; /* something was printed: the next directory has an empty line before it */
static time_t now;

struct file {
    char *name; /* as it is shown */
    char *path;
    struct stat st;
};

struct list {
    struct file *files;
    size_t count, room;
};

struct widths {
    int inode, blocks, links, user, group, size;
};

static void complain(const char *path, int how_bad)
{
    app_warn("%s", path);
    status = how_bad > status ? how_bad : status;
}

static bool look(const char *path, bool is_operand, struct stat *st)
{
    bool to_target = follow || (is_operand && follow_top);

    if (to_target && !stat(path, st))
        return true;
    return !lstat(path, st);
}

static void add(struct list *list, const char *path, const char *name, bool is_operand)
{
    struct stat st;

    if (!look(path, is_operand, &st)) {
        complain(path, is_operand ? 2 : 1);
        return;
    }
    if (list->count == list->room) {
        list->room = list->room * 2 + 32;
        list->files = app_resize(list->files, list->room * sizeof *list->files);
    }
    list->files[list->count++] = (struct file){app_dup(name), app_dup(path), st};
}

static void free_list(struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->files[i].name);
        free(list->files[i].path);
    }
    free(list->files);
}

static const struct timespec *time_of(const struct file *file)
{
    return time_kind == 'a'   ? &file->st.st_atim
           : time_kind == 'c' ? &file->st.st_ctim
                              : &file->st.st_mtim;
}

static int compare_times(const struct timespec *a, const struct timespec *b)
{
    if (a->tv_sec != b->tv_sec)
        return a->tv_sec < b->tv_sec ? 1 : -1;
    return (a->tv_nsec < b->tv_nsec) - (a->tv_nsec > b->tv_nsec);
}

static int compare(const void *a, const void *b)
{
    const struct file *x = a, *y = b;
    int result = 0;

    if (order == ORDER_TIME)
        result = compare_times(time_of(x), time_of(y));
    else if (order == ORDER_SIZE)
        result = (x->st.st_size < y->st.st_size) - (x->st.st_size > y->st.st_size);
    if (!result)
        result = strcoll(x->name, y->name);
    return reverse ? -result : result;
}

static void sort_list(struct list *list)
{
    if (order != ORDER_NONE && list->count)
        qsort(list->files, list->count, sizeof *list->files, compare);
}

static char suffix(const struct file *file)
{
    mode_t mode = file->st.st_mode;

    if (S_ISDIR(mode))
        return slash_only || classify ? '/' : 0;
    if (!classify)
        return 0;
    if (S_ISLNK(mode))
        return form == FORM_LONG ? 0 : '@';
    if (S_ISFIFO(mode))
        return '|';
    if (S_ISSOCK(mode))
        return '=';
    return S_ISREG(mode) && mode & 0111 ? '*' : 0;
}

static void show_text(const char *text)
{
    for (; *text; text++)
        putchar(hide_unprintable && ((unsigned char)*text < 32 || *text == 127) ? '?' : *text);
}

static uint64_t blocks_of(const struct file *file)
{
    return ((uint64_t)file->st.st_blocks * 512 + block_bytes - 1) / block_bytes;
}

static int size_width(const struct file *file, char text[SIZE_TEXT_BYTES])
{
    if (S_ISCHR(file->st.st_mode) || S_ISBLK(file->st.st_mode))
        return snprintf(text, SIZE_TEXT_BYTES, "%u, %3u", (unsigned)major(file->st.st_rdev),
                        (unsigned)minor(file->st.st_rdev));
    if (human)
        return (int)strlen(size_human((uint64_t)file->st.st_size, text));
    return snprintf(text, SIZE_TEXT_BYTES, "%jd", (intmax_t)file->st.st_size);
}

static const char *user_text(const struct file *file)
{
    static char text[24];

    snprintf(text, sizeof text, "%lu", (unsigned long)file->st.st_uid);
    return numeric ? text : names_user(file->st.st_uid);
}

static const char *group_text(const struct file *file)
{
    static char text[24];

    snprintf(text, sizeof text, "%lu", (unsigned long)file->st.st_gid);
    return numeric ? text : names_group(file->st.st_gid);
}

static int digits(uint64_t value)
{
    return snprintf(NULL, 0, "%" PRIu64, value);
}

static int wider(int a, int b)
{
    return a > b ? a : b;
}

static int blocks_width(const struct file *file)
{
    char text[SIZE_TEXT_BYTES];

    return human ? (int)strlen(size_human((uint64_t)file->st.st_blocks * 512, text))
                 : digits(blocks_of(file));
}

static struct widths measure(const struct list *list)
{
    struct widths widths = {0};

    for (size_t i = 0; i < list->count; i++) {
        const struct file *file = &list->files[i];
        char text[SIZE_TEXT_BYTES];
        widths.inode = wider(widths.inode, digits(file->st.st_ino));
        widths.blocks = wider(widths.blocks, blocks_width(file));
        if (form != FORM_LONG)
            continue;
        widths.links = wider(widths.links, digits(file->st.st_nlink));
        widths.user = wider(widths.user, (int)strlen(user_text(file)));
        widths.group = wider(widths.group, (int)strlen(group_text(file)));
        widths.size = wider(widths.size, size_width(file, text));
    }
    return widths;
}

static void show_front(const struct file *file, const struct widths *widths)
{
    char text[SIZE_TEXT_BYTES];

    if (inodes)
        printf("%*" PRIu64 " ", widths->inode, (uint64_t)file->st.st_ino);
    if (blocks && human)
        printf("%*s ", widths->blocks, size_human((uint64_t)file->st.st_blocks * 512, text));
    else if (blocks)
        printf("%*" PRIu64 " ", widths->blocks, blocks_of(file));
}

static int front_width(const struct widths *widths)
{
    return (inodes ? widths->inode + 1 : 0) + (blocks ? widths->blocks + 1 : 0);
}

static void show_name(const struct file *file)
{
    show_text(file->name);
    if (suffix(file))
        putchar(suffix(file));
}

static int name_width(const struct file *file)
{
    return (int)strlen(file->name) + (suffix(file) != 0);
}

static void show_target(const struct file *file)
{
    char target[PATH_MAX];
    ssize_t n = readlink(file->path, target, sizeof target - 1);

    if (n < 0)
        return;
    target[n] = 0;
    fputs(" -> ", stdout);
    show_text(target);
}

/* What is older than half a year, or in the future, has its year instead of the time of day. */
static void show_time(const struct file *file)
{
    time_t when = time_of(file)->tv_sec;
    bool recent = when <= now && when > now - HALF_YEAR_SECONDS;
    char text[40];

    strftime(text, sizeof text, recent ? "%b %e %H:%M" : "%b %e  %Y", localtime(&when));
    printf(" %s ", text);
}

static void show_long(const struct file *file, const struct widths *widths)
{
    char mode[11], size[SIZE_TEXT_BYTES];

    mode_text(file->st.st_mode, mode);
    show_front(file, widths);
    printf("%s %*lu", mode, widths->links, (unsigned long)file->st.st_nlink);
    if (!without_owner)
        printf(" %-*s", widths->user, user_text(file));
    if (!without_group)
        printf(" %-*s", widths->group, group_text(file));
    size_width(file, size);
    printf(" %*s", widths->size, size);
    show_time(file);
    show_name(file);
    if (S_ISLNK(file->st.st_mode))
        show_target(file);
    putchar('\n');
}

static int line_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;

    if (columns && atoi(columns) > 0)
        return atoi(columns);
    if (!ioctl(1, TIOCGWINSZ, &size) && size.ws_col)
        return size.ws_col;
    return 80;
}

/* Names in columns of one width, read downwards or (-x) across. */
static void show_columns(const struct list *list, const struct widths *widths)
{
    int widest = 0, front = front_width(widths);
    size_t columns, rows;

    for (size_t i = 0; i < list->count; i++)
        widest = wider(widest, front + name_width(&list->files[i]));
    columns = (size_t)(line_width() / (widest + 2));
    columns = columns ? columns : 1;
    rows = (list->count + columns - 1) / columns;
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            size_t i = form == FORM_ROWS ? row * columns + column : column * rows + row;
            size_t next = form == FORM_ROWS ? i + 1 : i + rows;
            if (i >= list->count)
                break;
            show_front(&list->files[i], widths);
            show_name(&list->files[i]);
            if (next < list->count && column + 1 < columns)
                printf("%*s", widest + 2 - front - name_width(&list->files[i]), "");
        }
        putchar('\n');
    }
}

static void show_commas(const struct list *list, const struct widths *widths)
{
    int column = 0, limit = line_width();

    for (size_t i = 0; i < list->count; i++) {
        bool last = i + 1 == list->count;
        int width = front_width(widths) + name_width(&list->files[i]) + !last;
        if (column && column + 1 + width > limit - 1) {
            putchar('\n');
            column = 0;
        }
        column += (column ? printf(" ") : 0) + width;
        show_front(&list->files[i], widths);
        show_name(&list->files[i]);
        fputs(last ? "\n" : ",", stdout);
    }
}

static void show_list(struct list *list)
{
    struct widths widths;

    sort_list(list);
    widths = measure(list);
    any_shown |= list->count > 0;
    if (form == FORM_COMMAS) {
        show_commas(list, &widths);
    } else if (form == FORM_COLUMNS || form == FORM_ROWS) {
        show_columns(list, &widths);
    } else {
        for (size_t i = 0; i < list->count; i++)
            if (form == FORM_LONG) {
                show_long(&list->files[i], &widths);
            } else {
                show_front(&list->files[i], &widths);
                show_name(&list->files[i]);
                putchar('\n');
            }
    }
}

static void show_total(const struct list *list)
{
    char text[SIZE_TEXT_BYTES];
    uint64_t total = 0;

    for (size_t i = 0; i < list->count; i++)
        total += (uint64_t)list->files[i].st.st_blocks * 512;
    if (human)
        printf("total %s\n", size_human(total, text));
    else
        printf("total %" PRIu64 "\n", (total + block_bytes - 1) / block_bytes);
}

static bool is_shown(const char *name)
{
    if (name[0] != '.' || all)
        return true;
    return almost_all && strcmp(name, ".") && strcmp(name, "..");
}

static void list_directory(const char *path, bool with_name);

static void list_below(const struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct file *file = &list->files[i];
        if (S_ISDIR(file->st.st_mode) && strcmp(file->name, ".") && strcmp(file->name, ".."))
            list_directory(file->path, true);
    }
}

static void list_directory(const char *path, bool with_name)
{
    char **entries = app_entries(path, true);
    struct list list = {0};

    if (!entries) {
        complain(path, 1);
        return;
    }
    for (char **entry = entries; *entry; entry++) {
        char *below = app_join(path, *entry);
        if (is_shown(*entry))
            add(&list, below, *entry, false);
        free(below);
    }
    app_entries_free(entries);
    if (with_name)
        printf("%s%s:\n", any_shown ? "\n" : "", path);
    any_shown |= with_name;
    if (form == FORM_LONG || blocks)
        show_total(&list);
    show_list(&list);
    if (recursive)
        list_below(&list);
    free_list(&list);
}

/* Operands: files first, then what directories hold. */
static void list_operands(char **paths, int count)
{
    struct list files = {0}, directories = {0};

    for (int i = 0; i < count; i++) {
        struct stat st;
        bool is_directory = !themselves && look(paths[i], true, &st) && S_ISDIR(st.st_mode);
        add(is_directory ? &directories : &files, paths[i], paths[i], true);
    }
    show_list(&files);
    sort_list(&directories);
    for (size_t i = 0; i < directories.count; i++)
        list_directory(directories.files[i].path, recursive || count > 1);
    free_list(&files);
    free_list(&directories);
}

static void read_form(int option)
{
    static const char letters[] = "1lCxm";
    static const enum form forms[] = {FORM_LINES, FORM_LONG, FORM_COLUMNS, FORM_ROWS, FORM_COMMAS};
    const char *found = strchr(letters, option);

    if (found && !(option == '1' && form == FORM_LONG))
        form = forms[found - letters];
    if (strchr("gno", option))
        form = FORM_LONG;
}

static void read_order(int option)
{
    order = option == 't'   ? ORDER_TIME
            : option == 'S' ? ORDER_SIZE
            : strchr("fU", option) ? ORDER_NONE
                                   : order;
    if (option == 'u' || option == 'c')
        time_kind = option == 'u' ? 'a' : 'c';
}

static void read_flags(int option)
{
    all |= option == 'a' || option == 'f';
    almost_all |= option == 'A';
    themselves |= option == 'd';
    inodes |= option == 'i';
    blocks |= option == 's';
    reverse |= option == 'r';
    recursive |= option == 'R';
    follow |= option == 'L';
    follow_top |= option == 'H';
    numeric |= option == 'n';
    without_owner |= option == 'g';
    without_group |= option == 'o';
    human |= option == 'h';
    slash_only |= option == 'p';
    classify |= option == 'F';
    hide_unprintable |= option == 'q';
    block_bytes = option == 'k' ? 1024 : block_bytes;
}

int main(int argc, char **argv)
{
    static char *here[] = {"."};
    bool timed = false;
    int option;

    app_start(argv);
    app_trouble(2);
    form = isatty(1) ? FORM_COLUMNS : FORM_LINES;
    hide_unprintable = isatty(1);
    while ((option = getopt(argc, argv, "1AaCcdFfgHhikLlmnopqRrSstUux")) != -1) {
        if (option == '?')
            app_usage(usage);
        read_form(option);
        read_order(option);
        read_flags(option);
        timed |= option == 'c' || option == 'u';
    }
    if (timed && order == ORDER_NAME && form != FORM_LONG)
        order = ORDER_TIME;
    follow_top |= form != FORM_LONG && !classify && !themselves;
    now = time(NULL);
    if (optind == argc)
        list_operands(here, 1);
    else
        list_operands(argv + optind, argc - optind);
    return app_finish(status);
}
