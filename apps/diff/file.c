/* The two files of a comparison: their contents, their lines, and a number for each line. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/diff/diff.h"

#define BINARY_LOOK 8192 /* bytes in which a NUL makes a file a binary one */

static bool read_all(int fd, struct source *source)
{
    size_t room = 0;
    ssize_t n;

    do {
        if (room - source->size < 4096) {
            room = room * 2 + (size_t)source->st.st_size + 8192;
            source->data = app_resize(source->data, room);
        }
        n = read(fd, source->data + source->size, room - source->size);
        source->size += n > 0 ? (size_t)n : 0;
    } while (n > 0 || (n < 0 && errno == EINTR));
    return n == 0;
}

bool source_read(struct source *source)
{
    bool is_stdin = !strcmp(source->path, "-");
    size_t look;
    int fd;

    source->data = app_alloc(1);
    if (!source->st.st_mode)
        return true;
    fd = is_stdin ? 0 : open(source->path, O_RDONLY);
    if (fd < 0 || !read_all(fd, source)) {
        app_warn("%s", source->path);
        return false;
    }
    if (!is_stdin)
        close(fd);
    look = source->size < BINARY_LOOK ? source->size : BINARY_LOOK;
    source->is_binary = !options.as_text && memchr(source->data, 0, look);
    return true;
}

static void find_lines(struct source *source)
{
    char *end = source->data + source->size, *next = source->data;
    size_t room = 0;

    source->lacks_newline = source->size && end[-1] != '\n';
    for (;;) {
        char *newline;
        if (source->count + 1 >= room) {
            room = room * 2 + 64;
            source->lines = app_resize(source->lines, room * sizeof *source->lines);
        }
        source->lines[source->count] = next;
        if (next == end)
            break;
        newline = memchr(next, '\n', (size_t)(end - next));
        next = newline ? newline + 1 : end;
        source->count++;
    }
    source->ids = app_alloc((source->count + 1) * sizeof *source->ids);
    source->changed = app_alloc((source->count + 1) * sizeof *source->changed);
    memset(source->changed, 0, (source->count + 1) * sizeof *source->changed);
}

/* The next character that counts, at *text; runs of white space are one blank with -b, and nothing at
 * the end of the line. => -1 at the end. */
static int next_counting(const char **text, const char *end)
{
    int c;

    if (*text == end)
        return -1;
    c = (unsigned char)*(*text)++;
    if ((options.ignore_amount || options.ignore_space) && isspace(c)) {
        while (*text < end && isspace((unsigned char)**text))
            ++*text;
        if (*text == end)
            return -1;
        c = options.ignore_space ? (unsigned char)*(*text)++ : ' ';
    }
    return options.ignore_case ? tolower(c) : c;
}

static unsigned long hash_line(const char *text, const char *end)
{
    unsigned long hash = 5381;
    int c;

    while ((c = next_counting(&text, end)) >= 0)
        hash = hash * 33 + (unsigned)c;
    return hash ^ hash >> 17;
}

static bool is_same(const char *a, const char *a_end, const char *b, const char *b_end)
{
    int c;

    do {
        c = next_counting(&a, a_end);
        if (c != next_counting(&b, b_end))
            return false;
    } while (c >= 0);
    return true;
}

/* The different lines that were met, found by their hash. */
struct known {
    struct known *next;
    const char *text, *end;
    unsigned long hash;
    unsigned id;
};

struct table {
    struct known **slots, *all;
    size_t nslots;
    unsigned count;
};

static void number_lines(struct source *source, struct table *table)
{
    for (size_t i = 0; i < source->count; i++) {
        const char *text = source->lines[i], *end = source->lines[i + 1];
        unsigned long hash = hash_line(text, end);
        struct known **slot = &table->slots[hash % table->nslots], *known = *slot;
        while (known && (known->hash != hash || !is_same(known->text, known->end, text, end)))
            known = known->next;
        if (!known) {
            known = &table->all[table->count];
            *known = (struct known){*slot, text, end, hash, table->count++};
            *slot = known;
        }
        source->ids[i] = known->id;
    }
}

void source_split(struct source pair[2])
{
    struct table table = {0};

    find_lines(&pair[0]);
    find_lines(&pair[1]);
    table.nslots = pair[0].count + pair[1].count + 1;
    table.slots = app_alloc(table.nslots * sizeof *table.slots);
    memset(table.slots, 0, table.nslots * sizeof *table.slots);
    table.all = app_alloc(table.nslots * sizeof *table.all);
    number_lines(&pair[0], &table);
    number_lines(&pair[1], &table);
    free(table.all);
    free(table.slots);
}

void source_free(struct source *source)
{
    free(source->data);
    free(source->lines);
    free(source->ids);
    free(source->changed);
}
