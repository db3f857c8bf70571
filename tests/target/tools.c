/* The tools, by the tables that the host's tests run too: /test/tables/NAME.t has commands, NAME.out
 * what run.sh prints for them. Each table is a test. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/host/apps/tables/difference.h"
#include "tests/target/tap/tap.h"

#define TABLES "/test/tables"
#define OUTPUT_MAX (1 << 20)

static char printed[OUTPUT_MAX], expected[OUTPUT_MAX];

static bool read_all(FILE *stream, char *text)
{
    size_t n;

    if (!stream)
        return false;
    n = fread(text, 1, OUTPUT_MAX - 1, stream);
    text[n] = 0;
    return n < OUTPUT_MAX - 1;
}

/* What run.sh prints for the table, and what it should. => false if one of them can't be read. */
static bool run_table(const char *name)
{
    char text[200];
    FILE *stream;
    bool has_both;

    snprintf(text, sizeof text, "cd " TABLES "; exec sh ./run.sh %s.t 2>&1", name);
    stream = popen(text, "r");
    has_both = read_all(stream, printed) && pclose(stream) == 0;
    snprintf(text, sizeof text, TABLES "/%s.out", name);
    stream = fopen(text, "r");
    has_both &= read_all(stream, expected);
    if (stream)
        fclose(stream);
    return has_both;
}

static void note_line(const char *what, const char *line)
{
    tap_note("%s %.*s", what, (int)strcspn(line, "\n"), line);
}

static bool is_as_expected(const char *name)
{
    struct difference found;

    if (!run_table(name)) {
        tap_note("the table or its output is missing or did not run to its end");
        return false;
    }
    if (!difference_find(printed, expected, &found))
        return true;
    note_line("", found.command);
    note_line("printed:", found.printed);
    note_line("expected:", found.expected);
    return false;
}

int main(void)
{
    glob_t found;
    size_t count, bad = 0;

    if (glob(TABLES "/*.t", 0, NULL, &found))
        return 1;
    count = (size_t)found.gl_pathc;
    for (size_t i = 0; i < count; i++) {
        char *name = strrchr(found.gl_pathv[i], '/') + 1;
        bool good;
        name[strlen(name) - 2] = 0;
        good = is_as_expected(name);
        printf("%sok %zu - table_%s\n", good ? "" : "not ", i + 1, name);
        fflush(stdout);
        bad += !good;
    }
    printf("1..%zu\n", count);
    globfree(&found);
    return bad != 0;
}
