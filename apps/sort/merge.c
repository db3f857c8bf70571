/* Sorted streams become one: a heap of their next lines. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/lines.h"
#include "apps/sort/sort.h"

struct source {
    FILE *stream;
    size_t number; /* equal lines come in the order of their streams */
    struct line line;
};

FILE *temporary_file(void)
{
    const char *dir = options.temporary_dir ? options.temporary_dir : getenv("TMPDIR");
    char *path = app_join(dir && *dir ? dir : "/tmp", "sortXXXXXX");
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

    if (!file || unlink(path)) {
        app_warn("%s", path);
        app_quit();
    }
    free(path);
    return file;
}

FILE *open_output(void)
{
    FILE *out = options.output ? fopen(options.output, "w") : stdout;

    if (out)
        return out;
    app_warn("%s", options.output);
    app_quit();
}

static bool comes_before(const struct source *a, const struct source *b)
{
    struct text x = {a->line.text, a->line.len}, y = {b->line.text, b->line.len};
    int order = compare_lines(&x, &y);

    return order < 0 || (order == 0 && a->number < b->number);
}

static void sift_down(struct source **heap, size_t count, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < count; child++)
            if (comes_before(heap[child], heap[least]))
                least = child;
        if (least == i)
            return;
        struct source *kept = heap[i];
        heap[i] = heap[least];
        heap[least] = kept;
        i = least;
    }
}

static void close_source(struct source *source)
{
    if (ferror(source->stream)) {
        app_warn("read");
        app_quit();
    }
    if (source->stream != stdin)
        fclose(source->stream);
    line_free(&source->line);
}

static bool advance(struct source *source)
{
    return line_read_to(&source->line, source->stream, options.end);
}

static void write_line(const struct line *line, struct line *before, bool *any, FILE *out)
{
    struct text a = {before->text, before->len}, b = {line->text, line->len};

    if (options.unique && *any && !compare_keys(&a, &b))
        return;
    fwrite(line->text, 1, line->len, out);
    putc(options.end, out);
    *any = true;
    if (!options.unique)
        return;
    line_clear(before);
    line_add(before, line->text, line->len);
}

void merge_streams(FILE **streams, size_t count, FILE *out)
{
    struct source *sources = app_alloc((count + 1) * sizeof *sources);
    struct source **heap = app_alloc((count + 1) * sizeof(struct source *));
    struct line before = {0};
    size_t left = 0;
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        sources[i] = (struct source){.stream = streams[i], .number = i};
        if (advance(&sources[i]))
            heap[left++] = &sources[i];
        else
            close_source(&sources[i]);
    }
    for (size_t i = left; i-- > 0;)
        sift_down(heap, left, i);
    while (left) {
        write_line(&heap[0]->line, &before, &any, out);
        if (!advance(heap[0])) {
            close_source(heap[0]);
            heap[0] = heap[--left];
        }
        sift_down(heap, left, 0);
    }
    line_free(&before);
    free(heap);
    free(sources);
}

static bool is_output(FILE *stream)
{
    struct stat in, out;

    return options.output && !stat(options.output, &out) && !fstat(fileno(stream), &in) &&
           in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

/* An input that will be written over is read first. */
static FILE *copy_of(FILE *stream)
{
    FILE *copy = temporary_file();
    struct line line = {0};

    while (line_read_to(&line, stream, options.end))
        line_write(&line, options.end, copy);
    line_free(&line);
    if (stream != stdin)
        fclose(stream);
    rewind(copy);
    return copy;
}

int merge_files(char **paths, FILE **out)
{
    static char *standard[] = {"-", NULL};
    FILE **streams;
    size_t count = 0;

    paths = *paths ? paths : standard;
    while (paths[count])
        count++;
    streams = app_alloc((count + 1) * sizeof(FILE *));
    for (size_t i = 0; i < count; i++) {
        streams[i] = app_fopen(paths[i]);
        if (!streams[i])
            return 2;
        if (is_output(streams[i]))
            streams[i] = copy_of(streams[i]);
    }
    *out = open_output();
    merge_streams(streams, count, *out);
    free(streams);
    return 0;
}
