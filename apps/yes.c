/* yes [WORD...]: the words (or y), again and again. */
#include "apps/common/app.h"
#include "apps/common/format.h"

int main(int argc, char **argv)
{
    static char *standard[] = {"y", NULL};
    struct buf line = buf_new(arena_new());

    app_start(argv);
    format_echo(&line, argc > 1 ? argv + 1 : standard);
    while (app_write(1, line.data, line.len))
        ;
    app_warn("write");
    return 1;
}
