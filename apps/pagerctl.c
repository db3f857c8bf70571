/* pagerctl: the pager's counters.
 * pagerctl policy [NAME]: which replacement policy is in use; switch to another.
 * pagerctl tune PARAMETER VALUE: scan-ms, write-ms, readahead, trace. */
#include <faultline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"

static void show(const char *what, uint64_t value)
{
    printf("%-36s%14lu\n", what, value);
}

static void show_faults(const struct pager_stats *stats)
{
    static const char *const actions[] = {
#define X(name, text) text,
        PAGER_ACTIONS(X)
#undef X
    };

    show("faults", stats->faults);
    for (size_t i = 0; i < PAGER_ACTION_COUNT; i++)
        printf("  %-34s%14lu\n", actions[i], stats->actions[i]);
}

static int counters(void)
{
    struct pager_stats stats;
    char policy[32];

    if (fl_pager_stats(&stats) || fl_policy(policy, sizeof policy)) {
        app_warn("pager");
        return 1;
    }
    printf("%-36s%14s\n", "policy", policy);
    show("policy switches", stats.policy_switches);
    show_faults(&stats);
    show("evicted clean", stats.evicted_clean);
    show("evicted to swap", stats.evicted_swap);
    show("evicted to files", stats.evicted_file);
    show("pages written to swap", stats.swap_writes);
    show("pages read from swap", stats.swap_reads);
    show("pages written to files", stats.file_writes);
    show("pages read from files", stats.file_reads);
    show("forks", stats.forks);
    show("ended for lack of memory", stats.oom_kills);
    show("address spaces", stats.address_spaces);
    show("areas", stats.vmas);
    show("files with pages or streams", stats.objects);
    show("open files", stats.streams);
    show("calls of read", stats.reads);
    show("calls of write", stats.writes);
    show("waits for a disk", stats.parked);
    return 0;
}

static int policy(const char *name)
{
    char text[512];

    if (!name) {
        if (fl_policy(text, sizeof text)) {
            app_warn("pager");
            return 1;
        }
        puts(text);
        return 0;
    }
    if (!fl_policy_set(name))
        return 0;
    app_warn("%s", name);
    if (!fl_policies(text, sizeof text))
        app_say("policies are:\n%s", text);
    return 1;
}

static int tune(const char *name, const char *text)
{
    static const struct {
        const char *name;
        enum pager_param param;
    } params[] = {{"scan-ms", PAGER_SCAN_MS},
                  {"write-ms", PAGER_WRITE_MS},
                  {"readahead", PAGER_READAHEAD},
                  {"trace", PAGER_TRACE}};
    uint64_t old;
    long value;

    for (size_t i = 0; i < sizeof params / sizeof *params; i++) {
        if (strcmp(params[i].name, name) || !app_number(text, &value) || value < 0)
            continue;
        if (fl_tune(params[i].param, (uint64_t)value, &old)) {
            app_warn("%s", name);
            return 1;
        }
        printf("%s: %lu, was %lu\n", name, (uint64_t)value, old);
        return 0;
    }
    app_say("tune: parameters are scan-ms write-ms readahead trace, with a number");
    return 2;
}

int main(int argc, char **argv)
{
    app_start(argv);
    if (argc == 1)
        return app_finish(counters());
    if (!strcmp(argv[1], "policy") && argc <= 3)
        return app_finish(policy(argv[2]));
    if (!strcmp(argv[1], "tune") && argc == 4)
        return app_finish(tune(argv[2], argv[3]));
    app_usage("[policy [NAME] | tune PARAMETER VALUE]");
}
