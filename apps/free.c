/* free: what the memory and the swap space are used for, in KiB. */
#include <faultline.h>
#include <stdio.h>

#include "apps/common/app.h"

#define KB_PER_PAGE 4

static void show(const char *what, uint64_t pages)
{
    printf("%-16s%10lu\n", what, pages * KB_PER_PAGE);
}

int main(int argc, char **argv)
{
    struct pager_stats stats;

    app_start(argv);
    if (fl_pager_stats(&stats)) {
        app_warn("pager");
        return 1;
    }
    printf("%-16s%10s\n", "", "KiB");
    show("memory", stats.frames_total);
    show("  free", stats.frames_free);
    show("    cleared", stats.frames_cleared);
    show("  anonymous", stats.frames_anon);
    show("  files", stats.frames_file);
    show("    dirty", stats.frames_dirty_file);
    show("  page tables", stats.frames_table);
    show("  messages", stats.frames_message);
    show("swap", stats.swap_total);
    show("  free", stats.swap_free);
    return app_finish(0);
}
