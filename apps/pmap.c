/* pmap PID: the areas of a process's address space. */
#include <faultline.h>
#include <stdio.h>

#include "apps/common/app.h"

#define AREAS_MAX 512

static const char *kind_name(unsigned kind)
{
    static const char *const names[] = {"anonymous", "heap", "stack", "file", "loader", "message"};

    return kind < sizeof names / sizeof *names ? names[kind] : "?";
}

static void show(const struct pager_vma *area)
{
    unsigned prot = area->prot_flags & 0xff, flags = area->prot_flags >> 8 & 0xff;

    printf("%010lx-%010lx %c%c%c%c %8lu %8lu %8lu %8lu  %s", area->start, area->end,
           prot & PAGER_PROT_READ ? 'r' : '-', prot & PAGER_PROT_WRITE ? 'w' : '-',
           prot & PAGER_PROT_EXEC ? 'x' : '-', flags & PAGER_MAP_SHARED ? 's' : 'p',
           (area->end - area->start) / 1024, area->resident * 4, area->dirty * 4, area->swapped * 4,
           kind_name(area->prot_flags >> 16 & 0xff));
    if (area->object)
        printf(" %lu+0x%lx", area->object, area->offset);
    putchar('\n');
}

static void show_total(const struct pager_vma *areas, ssize_t count)
{
    uint64_t size = 0, resident = 0, dirty = 0, swapped = 0;

    for (ssize_t i = 0; i < count; i++) {
        size += areas[i].end - areas[i].start;
        resident += areas[i].resident;
        dirty += areas[i].dirty;
        swapped += areas[i].swapped;
    }
    printf("%-26s %8lu %8lu %8lu %8lu\n", "total", size / 1024, resident * 4, dirty * 4,
           swapped * 4);
}

int main(int argc, char **argv)
{
    static struct pager_vma areas[AREAS_MAX];
    ssize_t count;
    long pid;

    app_start(argv);
    if (argc != 2 || !app_number(argv[1], &pid) || pid < 0)
        app_usage("PID");
    count = fl_pmap((pid_t)pid, areas, AREAS_MAX);
    if (count < 0) {
        app_warn("%s", argv[1]);
        return 1;
    }
    printf("%-26s %8s %8s %8s %8s  %s\n", "area", "KiB", "resident", "dirty", "swapped",
           "kind, inode+offset");
    for (ssize_t i = 0; i < count; i++)
        show(&areas[i]);
    show_total(areas, count);
    return app_finish(0);
}
