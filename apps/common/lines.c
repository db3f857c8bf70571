/* Reading text line by line. */
#include "apps/common/lines.h"

#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"

static bool append(struct line *line, int c)
{
    if (line->len + 1 >= line->cap) {
        size_t cap = line->cap * 2 + 128;
        char *grown = realloc(line->text, cap);
        if (!grown) {
            app_say("out of memory");
            return false;
        }
        line->text = grown;
        line->cap = cap;
    }
    line->text[line->len++] = (char)c;
    line->text[line->len] = 0;
    return true;
}

bool line_read(struct line *line, FILE *stream)
{
    int c;

    line->len = 0;
    line->had_newline = false;
    if (line->text)
        line->text[0] = 0;
    while ((c = getc(stream)) != EOF) {
        if (c == '\n') {
            line->had_newline = true;
            return line->text || (append(line, 0) && line->len--);
        }
        if (!append(line, c))
            return false;
    }
    return line->len > 0;
}

void line_free(struct line *line)
{
    free(line->text);
    *line = (struct line){0};
}

int each_stream(char **paths, void (*each)(FILE *stream, const char *path))
{
    static char *standard[] = {"-", NULL};
    int status = 0;

    for (paths = *paths ? paths : standard; *paths; paths++) {
        bool is_stdin = !strcmp(*paths, "-");
        FILE *stream = is_stdin ? stdin : fopen(*paths, "r");

        if (!stream) {
            app_warn("%s", *paths);
            status = 1;
            continue;
        }
        each(stream, *paths);
        if (!is_stdin)
            fclose(stream);
    }
    return status;
}
