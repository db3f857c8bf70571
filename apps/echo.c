/* echo [-n] [WORD...] */
#include "apps/common/app.h"
#include "apps/common/format.h"

int main(int argc, char **argv)
{
    struct buf out = buf_new(arena_new());
    bool written;

    app_start(argv);
    format_echo(&out, argv + 1);
    written = app_write(1, out.data, out.len);
    if (!written)
        app_warn("write");
    arena_drop(out.arena);
    return !written;
}
