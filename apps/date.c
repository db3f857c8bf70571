/* date [-u] [-R] [-I[date|hours|minutes|seconds|ns]] [-d TIME | -r FILE] [+FORMAT]: the time, now unless told.
 * date [-u] -s TIME, date [-u] MMDDhhmm[[CC]YY][.ss]: set it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"
#include "apps/common/when.h"

static const char usage[] = "[-u] [-R] [-I[UNIT]] [-d TIME | -r FILE | -s TIME] [+FORMAT | MMDDhhmm[[CC]YY][.ss]]";
static struct timespec when;
static bool sets;

static _Noreturn void refuse(const char *text)
{
    app_say("%s: not a time", text);
    app_quit();
}

/* What strftime doesn't know: %N nanoseconds, %:z a zone with a colon; and - as a flag, no padding. */
static void add_own(struct line *format, const char **text, const struct tm *tm)
{
    char value[40];

    if (**text == 'N') {
        line_add(format, value, (size_t)snprintf(value, sizeof value, "%09ld", when.tv_nsec));
        ++*text;
    } else if (!strncmp(*text, ":z", 2)) {
        strftime(value, sizeof value, "%z", tm);
        line_add(format, value, 3);
        line_char(format, ':');
        line_add(format, value + 3, 2);
        *text += 2;
    } else if (**text == '-' && (*text)[1]) {
        char one[] = {'%', (*text)[1], 0};
        size_t n = strftime(value, sizeof value, one, tm), zeros = strspn(value, "0 ");
        zeros -= zeros == n && zeros;
        line_add(format, value + zeros, n - zeros);
        *text += 2;
    } else if (**text == 's') {
        line_add(format, value, (size_t)snprintf(value, sizeof value, "%lld", (long long)when.tv_sec));
        ++*text;
    } else {
        line_char(format, '%');
        if (**text)
            line_char(format, *(*text)++);
    }
}

static void show(const char *text)
{
    const struct tm *tm = localtime(&when.tv_sec);
    struct line format = {0};
    size_t room, n;
    char *result;

    line_clear(&format);
    while (*text)
        if (*text == '%') {
            text++;
            add_own(&format, &text, tm);
        } else {
            line_char(&format, *text++);
        }
    line_char(&format, ' '); /* an empty result is told from none by this */
    room = format.len * 40 + 100;
    result = app_alloc(room);
    n = strftime(result, room, format.text, tm);
    printf("%.*s\n", n ? (int)n - 1 : 0, result);
    free(result);
    line_free(&format);
}

static const char *iso_format(const char *unit)
{
    static const char *const formats[][2] = {{"date", "%Y-%m-%d"},
                                             {"hours", "%Y-%m-%dT%H%:z"},
                                             {"minutes", "%Y-%m-%dT%H:%M%:z"},
                                             {"seconds", "%Y-%m-%dT%H:%M:%S%:z"},
                                             {"ns", "%Y-%m-%dT%H:%M:%S,%N%:z"}};

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (!strcmp(formats[i][0], unit))
            return formats[i][1];
    app_usage(usage);
}

static void use_utc(void)
{
    setenv("TZ", "UTC0", 1);
    tzset();
}

static void take_from(const char *path)
{
    struct stat st;

    if (stat(path, &st)) {
        app_warn("%s", path);
        app_quit();
    }
    when = st.st_mtim;
}

static int finish(const char *format)
{
    if (sets && clock_settime(CLOCK_REALTIME, &when)) {
        app_warn("cannot set the time");
        show(format);
        return app_finish(1);
    }
    show(format);
    return app_finish(0);
}

int main(int argc, char **argv)
{
    const char *format = "%a %b %e %H:%M:%S %Z %Y", *told = NULL;
    int option, kind = 0;

    app_start(argv);
    while ((option = getopt(argc, argv, "d:I::r:Rs:u")) != -1) {
        if (option == '?')
            app_usage(usage);
        if (option == 'u')
            use_utc();
        if (option == 'R')
            format = "%a, %d %b %Y %H:%M:%S %z";
        if (option == 'I')
            format = iso_format(optarg ? optarg : "date");
        if (strchr("drs", option)) {
            kind = option;
            told = optarg;
        }
    }
    clock_gettime(CLOCK_REALTIME, &when);
    if (kind == 'r')
        take_from(told);
    else if (kind && !when_parse(told, &when))
        refuse(told);
    sets = kind == 's';
    if (argc - optind > 1)
        app_usage(usage);
    if (optind < argc && argv[optind][0] == '+') {
        format = argv[optind] + 1;
    } else if (optind < argc) {
        if (!when_parse_digits(argv[optind], true, &when))
            refuse(argv[optind]);
        sets = true;
    }
    return finish(format);
}
