/* The lines that are sorted. They are kept in memory as long as there is room; then they are sorted and
 * written to a temporary file, and all these are merged at the end. */
#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"
#include "apps/sort/sort.h"

#define FILES_MAX 32 /* that are merged at once */

static struct text *lines, *spare; /* spare: as large, for sorting */
static size_t count, room, bytes;
static FILE *pieces[FILES_MAX];
static size_t npieces;

static void add(const struct line *line)
{
    char *copy = app_alloc(line->len + 1);

    if (count == room) {
        room = room * 2 + 1024;
        lines = app_resize(lines, room * sizeof *lines);
        spare = app_resize(spare, room * sizeof *spare);
    }
    memcpy(copy, line->text, line->len);
    lines[count++] = (struct text){copy, line->len};
    bytes += line->len + sizeof *lines * 2 + 32;
}

/* Two sorted halves of `from` into one of `to`; equal ones in their order. */
static void merge_halves(const struct text *from, size_t middle, size_t n, struct text *to)
{
    size_t left = 0, right = middle;

    while (left < middle || right < n)
        if (right == n || (left < middle && compare_lines(&from[left], &from[right]) <= 0))
            *to++ = from[left++];
        else
            *to++ = from[right++];
}

/* Sort n lines, which are in both arrays alike; the result is in `to`. */
static void sort_into(struct text *from, size_t n, struct text *to)
{
    size_t middle = n / 2;

    if (n < 2)
        return;
    sort_into(to, middle, from);
    sort_into(to + middle, n - middle, from + middle);
    merge_halves(from, middle, n, to);
}

static void write_lines(FILE *out)
{
    const struct text *last = NULL;

    if (count) {
        memcpy(spare, lines, count * sizeof *lines);
        sort_into(spare, count, lines);
    }
    for (size_t i = 0; i < count; i++) {
        if (options.unique && last && !compare_keys(last, &lines[i]))
            continue;
        last = &lines[i];
        fwrite(last->data, 1, last->len, out);
        putc(options.end, out);
    }
    for (size_t i = 0; i < count; i++)
        free((char *)lines[i].data);
    count = bytes = 0;
}

static void rewind_written(FILE *file)
{
    if (fflush(file) || fseek(file, 0, SEEK_SET)) {
        app_warn("temporary file");
        app_quit();
    }
}

/* All that is in memory becomes a piece; when there are too many pieces, they become one. */
static void write_piece(void)
{
    if (npieces == FILES_MAX) {
        FILE *all = temporary_file();
        merge_streams(pieces, npieces, all);
        rewind_written(all);
        pieces[0] = all;
        npieces = 1;
    }
    pieces[npieces] = temporary_file();
    write_lines(pieces[npieces]);
    rewind_written(pieces[npieces++]);
}

static void read_lines(FILE *stream, const char *path)
{
    struct line line = {0};

    while (line_read_to(&line, stream, options.end)) {
        if (bytes + line.len > options.memory && count)
            write_piece();
        add(&line);
    }
    line_free(&line);
}

int sort_files(char **paths, FILE **out)
{
    int status = each_stream(paths, read_lines);

    if (status)
        return status;
    if (npieces)
        write_piece();
    *out = open_output();
    if (npieces)
        merge_streams(pieces, npieces, *out);
    else
        write_lines(*out);
    free(lines);
    free(spare);
    return 0;
}

int check_file(const char *path)
{
    struct line now = {0}, before = {0}, kept;
    FILE *stream = app_fopen(path);
    unsigned long number = 0;
    int status = 0;

    if (!stream)
        return 2;
    while (!status && line_read_to(&now, stream, options.end)) {
        struct text a = {before.text, before.len}, b = {now.text, now.len};
        int order = number++ ? compare_lines(&a, &b) : -1;
        status = order > 0 || (options.unique && order == 0);
        if (status && !options.quiet_check)
            app_say("%s:%lu: disorder: %s", path, number, now.text);
        kept = before;
        before = now;
        now = kept;
    }
    line_free(&now);
    line_free(&before);
    if (stream != stdin)
        fclose(stream);
    return status;
}
