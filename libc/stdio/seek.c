/* Positions in streams. */
#include <limits.h>
#include <string.h>
#include "../internal.h"
#include "stream.h"

int fseeko(FILE *f, off_t offset, int whence)
{
    if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END)
        return fail(EINVAL);
    if (stream_flush(f))
        return -1;
    if (whence == SEEK_CUR && f->rpos)
        offset -= f->rend - f->rpos;
    if (f->ops->seek(f, offset, whence) < 0)
        return -1;
    f->rpos = f->rend = f->wpos = f->wend = NULL;
    f->flags &= ~(unsigned)STREAM_EOF;
    memset(&f->state, 0, sizeof f->state);
    return 0;
}

int fseek(FILE *f, long offset, int whence)
{
    return fseeko(f, offset, whence);
}

off_t ftello(FILE *f)
{
    bool is_appending = f->flags & STREAM_APPEND && f->wpos && f->wpos != f->buffer;
    off_t at = f->ops->seek(f, 0, is_appending ? SEEK_END : SEEK_CUR);

    if (at < 0)
        return -1;
    if (f->rpos)
        at -= f->rend - f->rpos;
    return f->wpos ? at + (f->wpos - f->buffer) : at;
}

long ftell(FILE *f)
{
    return ftello(f);
}

void rewind(FILE *f)
{
    fseeko(f, 0, SEEK_SET);
    clearerr(f);
}

int fgetpos(FILE *restrict f, fpos_t *restrict position)
{
    off_t at = ftello(f);

    if (at < 0)
        return -1;
    position->__offset = at;
    position->__state = f->state;
    return 0;
}

int fsetpos(FILE *f, const fpos_t *position)
{
    if (fseeko(f, position->__offset, SEEK_SET))
        return -1;
    f->state = position->__state;
    return 0;
}
