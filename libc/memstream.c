/* A stream whose bytes collect in memory that grows. */
#include <stdio.h>
#include <stdlib.h>
#include "internal.h"

struct memstream {
    struct __file_close file; /* first */
    char **buf;
    size_t *size;
    size_t room;
};

static int grow(struct memstream *m)
{
    char *bigger;

    if (*m->size + 2 <= m->room)
        return 0;
    bigger = realloc(*m->buf, m->room * 2);
    if (bigger == NULL)
        return -1;
    *m->buf = bigger;
    m->room *= 2;
    return 0;
}

static int memstream_put(char c, FILE *file)
{
    struct memstream *m = (struct memstream *)file;

    if (grow(m))
        return _FDEV_ERR;
    (*m->buf)[(*m->size)++] = c;
    (*m->buf)[*m->size] = '\0';
    return (unsigned char)c;
}

static int memstream_flush(FILE *file)
{
    return 0;
}

static int memstream_close(FILE *file)
{
    free(file);
    return 0;
}

FILE *open_memstream(char **buf, size_t *size)
{
    struct memstream *m = malloc(sizeof *m);

    if (m == NULL)
        return NULL;
    m->file = (struct __file_close)FDEV_SETUP_CLOSE(memstream_put, NULL, memstream_flush,
                                                    memstream_close, _FDEV_SETUP_WRITE);
    m->room = 256;
    m->buf = buf;
    m->size = size;
    *size = 0;
    *buf = malloc(m->room);
    if (*buf == NULL) {
        free(m);
        return NULL;
    }
    **buf = '\0';
    return &m->file.file;
}
