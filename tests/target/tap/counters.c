/* Readings of the pager's counters, through <faultline.h>. */
#include "counters.h"

#include <faultline.h>
#include <stdio.h>
#include <stdlib.h>

static struct pager_stats all;
static struct pager_proc_stats self;

static void need(int result)
{
    if (result == 0)
        return;
    perror("counters");
    exit(99);
}

struct pager_stats counters_all(void)
{
    need(fl_pager_stats(&all));
    return all;
}

struct pager_proc_stats counters_self(void)
{
    need(fl_pager_proc_stats(0, &self));
    return self;
}

unsigned long counters_action(enum pager_action action)
{
    need(fl_pager_proc_stats(0, &self));
    return self.actions[action];
}

unsigned long counters_resident(void)
{
    need(fl_pager_proc_stats(0, &self));
    return self.resident;
}
