/* Lines of any length. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "internal.h"

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

ssize_t getdelim(char **restrict line, size_t *restrict size, int delimiter, FILE *restrict stream)
{
    size_t n = 0;
    int c;

    if (line == NULL || size == NULL)
        return fail(EINVAL);
    if (*line == NULL)
        *size = 0;
    while ((c = getc(stream)) != EOF) {
        if (make_room(line, size, n + 2))
            return -1;
        (*line)[n++] = (char)c;
        if (c == delimiter)
            break;
    }
    if (n == 0)
        return -1;
    (*line)[n] = '\0';
    return (ssize_t)n;
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict stream)
{
    return getdelim(line, size, '\n', stream);
}
