/* ps: all processes, with the memory that each uses. */
#include <faultline.h>
#include <stdio.h>

#include "apps/common/app.h"

#define PROCESSES_MAX 300

int main(int argc, char **argv)
{
    static const char *const states[] = {"run", "sleep", "stop", "zombie"};
    static struct proc_info list[PROCESSES_MAX];
    ssize_t count;

    app_start(argv);
    count = fl_processes(list, PROCESSES_MAX);
    if (count < 0) {
        app_warn("processes");
        return 1;
    }
    printf("  PID  PPID  PGID STATE    RSS KB SWAP KB NAME\n");
    for (ssize_t i = 0; i < count; i++) {
        struct pager_proc_stats stats = {0};
        const char *state = list[i].state < 4 ? states[list[i].state] : "?";

        if (list[i].state != PROC_ZOMBIE && fl_pager_proc_stats((pid_t)list[i].pid, &stats))
            continue;
        printf("%5lu %5lu %5lu %-6s %8lu %7lu %.23s\n", list[i].pid, list[i].ppid, list[i].pgid,
               state, stats.resident * 4, stats.swapped * 4, list[i].name);
    }
    return app_finish(0);
}
