/* Reading text line by line. */
#include "apps/common/lines.h"

#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"

static void make_room(struct line *line, size_t more)
{
    if (line->cap - line->len > more)
        return;
    line->cap = (line->len + more) * 2 + 128;
    line->text = app_resize(line->text, line->cap);
}

bool line_read_to(struct line *line, FILE *stream, char end)
{
    ssize_t n = getdelim(&line->text, &line->cap, (unsigned char)end, stream);

    if (n < 0) {
        line_clear(line);
        return false;
    }
    line->had_newline = n && line->text[n - 1] == end;
    line->len = (size_t)n - line->had_newline;
    line->text[line->len] = 0;
    return true;
}

bool line_read(struct line *line, FILE *stream)
{
    return line_read_to(line, stream, '\n');
}

void line_free(struct line *line)
{
    free(line->text);
    *line = (struct line){0};
}

void line_clear(struct line *line)
{
    line->len = 0;
    line->had_newline = false;
    make_room(line, 0);
    line->text[0] = 0;
}

void line_char(struct line *line, char c)
{
    line_add(line, &c, 1);
}

void line_add(struct line *line, const char *text, size_t len)
{
    make_room(line, len);
    memcpy(line->text + line->len, text, len);
    line->len += len;
    line->text[line->len] = 0;
}

void line_write(const struct line *line, char end, FILE *stream)
{
    fwrite(line->text, 1, line->len, stream);
    if (line->had_newline)
        putc(end, stream);
}

int each_stream(char **paths, void (*each)(FILE *stream, const char *path))
{
    static char *standard[] = {"-", NULL};
    int status = 0;

    for (paths = *paths ? paths : standard; *paths; paths++) {
        FILE *stream = app_fopen(*paths);

        if (!stream) {
            status = 1;
            continue;
        }
        each(stream, *paths);
        if (ferror(stream)) {
            app_warn("%s", *paths);
            status = 1;
        }
        if (stream != stdin)
            fclose(stream);
    }
    return status;
}
