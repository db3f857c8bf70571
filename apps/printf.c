/* printf FORMAT [ARGUMENT...] */
#include "apps/common/app.h"
#include "apps/common/format.h"

int main(int argc, char **argv)
{
    struct buf out = buf_new(arena_new());
    const char *complaint;
    bool written;

    app_start(argv);
    complaint = format_printf(&out, argv + 1);
    written = app_write(1, out.data, out.len);
    if (!written)
        app_warn("write");
    if (complaint)
        app_say("%s", complaint);
    arena_drop(out.arena);
    return !written || complaint;
}
