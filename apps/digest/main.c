/* md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum [-b] [-t] [-z] [FILE...]: digests of files.
 * -c [-w] [--quiet] [--status] [--strict] [FILE...]: check the files that such lists name. The program's
 * name says which digest. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"
#include "apps/digest/digest.h"

static const struct digest_kind *kind;
static bool binary, quiet, silent, warn, strict;
static char end = '\n';
static unsigned long matched, differing, unreadable, malformed;

static void find_kind(const char *path)
{
    static const struct digest_kind *const kinds[] = {&digest_md5,    &digest_sha1,   &digest_sha224,
                                                      &digest_sha256, &digest_sha384, &digest_sha512};
    char *name = app_basename(path);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i]->name, name))
            kind = kinds[i];
    free(name);
    if (!kind) {
        app_say("no digest has this name");
        app_quit();
    }
}

/* The digest of a file as text. => false after a message. */
static bool digest_file(const char *path, char text[2 * DIGEST_BYTES_MAX + 1])
{
    static unsigned char buffer[16384];
    unsigned char result[DIGEST_BYTES_MAX];
    struct digest digest;
    int fd = app_open(path);
    ssize_t n;

    if (fd < 0)
        return false;
    digest_start(&digest, kind);
    while ((n = read(fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
        digest_add(&digest, buffer, n > 0 ? (size_t)n : 0);
    if (n < 0)
        app_warn("%s", path);
    if (fd)
        close(fd);
    digest_end(&digest, result);
    for (size_t i = 0; i < kind->bytes; i++)
        sprintf(text + 2 * i, "%02x", result[i]);
    return n == 0;
}

/* A name with a newline or a backslash has them escaped, and the line begins with a backslash. */
static void show_name(const char *path)
{
    for (; *path; path++)
        if (*path == '\n' && end)
            fputs("\\n", stdout);
        else if (*path == '\\' && end)
            fputs("\\\\", stdout);
        else
            putchar(*path);
}

static bool show(const char *path)
{
    char text[2 * DIGEST_BYTES_MAX + 1];

    if (!digest_file(path, text))
        return false;
    printf("%s%s %c", end && strpbrk(path, "\n\\") ? "\\" : "", text, binary ? '*' : ' ');
    show_name(path);
    putchar(end);
    return true;
}

static void unescape(char *name)
{
    char *to = name;

    for (; *name; name++)
        if (*name == '\\' && name[1]) {
            name++;
            *to++ = *name == 'n' ? '\n' : *name;
        } else {
            *to++ = *name;
        }
    *to = 0;
}

/* A line of a list: DIGEST, two blanks or a blank and a star, NAME. => the name; NULL: it is none. */
static char *parse_line(char *text)
{
    size_t digits = 2 * kind->bytes;
    bool escaped = *text == '\\';
    char *name;

    text += escaped;
    for (size_t i = 0; i < digits; i++)
        if (!isxdigit((unsigned char)text[i]))
            return NULL;
    if (text[digits] != ' ' || (text[digits + 1] != ' ' && text[digits + 1] != '*') || !text[digits + 2])
        return NULL;
    text[digits] = 0;
    name = text + digits + 2;
    if (escaped)
        unescape(name);
    return name;
}

static void check_line(struct line *line, const char *list, unsigned long number)
{
    char text[2 * DIGEST_BYTES_MAX + 1], *name = parse_line(line->text);
    const char *verdict;
    bool same;

    if (!name) {
        malformed++;
        if (warn)
            app_say("%s: %lu: not a line of a list", list, number);
        return;
    }
    if (!digest_file(name, text)) {
        unreadable++;
        if (!silent)
            printf("%s: FAILED open or read\n", name);
        return;
    }
    same = !strcasecmp(text, line->text + (*line->text == '\\'));
    matched += same;
    differing += !same;
    verdict = same ? "OK" : "FAILED";
    if (!silent && !(same && quiet))
        printf("%s: %s\n", name, verdict);
}

static void check_list(FILE *stream, const char *path)
{
    struct line line = {0};
    unsigned long number = 0, before = matched + differing + unreadable;

    while (line_read(&line, stream)) {
        number++;
        if (line.len && *line.text != '#')
            check_line(&line, path, number);
    }
    line_free(&line);
    if (before == matched + differing + unreadable) {
        app_say("%s: no line of it is of a list", path);
        unreadable++;
    }
}

static void sum_up(void)
{
    if (silent)
        return;
    if (malformed)
        app_say("%lu lines are not of a list", malformed);
    if (unreadable)
        app_say("%lu listed files could not be read", unreadable);
    if (differing)
        app_say("%lu digests did NOT match", differing);
}

static int check(char **lists)
{
    int status = each_stream(lists, check_list);

    sum_up();
    return status || differing || unreadable || (strict && malformed);
}

int main(int argc, char **argv)
{
    static const struct option longs[] = {{"binary", no_argument, NULL, 'b'},
                                          {"check", no_argument, NULL, 'c'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {"status", no_argument, NULL, 's'},
                                          {"strict", no_argument, NULL, 'S'},
                                          {"text", no_argument, NULL, 't'},
                                          {"warn", no_argument, NULL, 'w'},
                                          {"zero", no_argument, NULL, 'z'},
                                          {0}};
    bool checking = false;
    int option, status = 0;

    app_start(argv);
    find_kind(argv[0]);
    while ((option = getopt_long(argc, argv, "bctwz", longs, NULL)) != -1) {
        if (option == '?')
            app_usage("[-b] [-c] [-t] [-w] [-z] [--quiet] [--status] [--strict] [FILE...]");
        binary = option == 't' ? false : binary || option == 'b';
        checking |= option == 'c';
        quiet |= option == 'q';
        silent |= option == 's';
        strict |= option == 'S';
        warn |= option == 'w';
        end = option == 'z' ? 0 : end;
    }
    if (checking)
        return app_finish(check(argv + optind));
    if (optind == argc)
        status = !show("-");
    for (; optind < argc; optind++)
        status |= !show(argv[optind]);
    return app_finish(status);
}
