/* Lines of any length. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "../internal.h"
#include "stream.h"

static int make_room(char **line, size_t *size, size_t need)
{
    size_t more = *size < 64 ? 128 : *size * 2;
    char *bigger;

    if (*line && need <= *size)
        return 0;
    if (need > SSIZE_MAX)
        return fail(EOVERFLOW);
    bigger = realloc(*line, more > need ? more : need);
    if (bigger == NULL)
        return -1;
    *line = bigger;
    *size = more > need ? more : need;
    return 0;
}

/* Append what has been read ahead, up to the delimiter. => 1: it was there; 0; -1: no memory */
static int append(char **line, size_t *size, size_t *n, int delimiter, FILE *f)
{
    size_t more = (size_t)(f->rend - f->rpos);
    unsigned char *end = memchr(f->rpos, delimiter, more);

    more = end ? (size_t)(end + 1 - f->rpos) : more;
    if (make_room(line, size, *n + more + 1)) {
        f->flags |= STREAM_ERROR;
        return -1;
    }
    memcpy(*line + *n, f->rpos, more);
    f->rpos += more;
    *n += more;
    return end != NULL;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int delimiter, FILE *restrict f)
{
    size_t n = 0;
    int rc;

    if (line == NULL || size == NULL)
        return fail(EINVAL);
    if (*line == NULL)
        *size = 0;
    do {
        if (f->rpos == f->rend && stream_fill(f)) {
            if (n == 0 || f->flags & STREAM_ERROR)
                return -1;
            break;
        }
        rc = append(line, size, &n, delimiter, f);
        if (rc < 0)
            return -1;
    } while (rc == 0);
    (*line)[n] = '\0';
    return (ssize_t)n;
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict f)
{
    return getdelim(line, size, '\n', f);
}
