/* See report.h. */
#include "report.h"
#include <stdio.h>
#include <abi/fault.h>
#include "signal.h"

static const char *signal_text(uint64_t signal)
{
    switch (signal) {
    case SIG_SEGV:
        return "segmentation fault";
    case SIG_BUS:
        return "bus error";
    case SIG_ILL:
        return "illegal instruction";
    case SIG_TRAP:
        return "breakpoint";
    case SIG_FPE:
        return "arithmetic error";
    default:
        return "killed";
    }
}

static const char *access_text(uint64_t scause)
{
    switch (scause) {
    case CAUSE_FETCH_MISALIGNED:
    case CAUSE_FETCH_ACCESS:
    case CAUSE_FETCH_PAGE:
        return "jump to";
    case CAUSE_STORE_MISALIGNED:
    case CAUSE_STORE_ACCESS:
    case CAUSE_STORE_PAGE:
        return "store to";
    default:
        return "load from";
    }
}

/* What was wrong with the address; NULL: the address does not matter. */
static const char *place_text(uint64_t why)
{
    switch (why) {
    case DEATH_NO_MAPPING:
        return "unmapped address";
    case DEATH_PROTECTION:
        return "protected address";
    case DEATH_GUARD:
        return "guard page below the stack,";
    case DEATH_PAST_EOF:
        return "mapping beyond the end of its file,";
    case DEATH_IO:
        return "page that could not be read,";
    case DEATH_NO_SPACE:
        return "file on a full disk,";
    default:
        return NULL;
    }
}

size_t report_death(char *line, size_t max, const struct process *p,
                    const struct pagerproc_died_req *died)
{
    const char *place = place_text(died->why);
    int n;

    if (died->why == DEATH_OOM)
        n = snprintf(line, max, "%s[%u]: killed: out of memory and swap\n", p->name, (unsigned)p->pid);
    else if (place)
        n = snprintf(line, max, "%s[%u]: %s: %s %s 0x%lx: scause=0x%lx sepc=0x%lx stval=0x%lx\n",
                     p->name, (unsigned)p->pid, signal_text(died->signal), access_text(died->scause),
                     place, (unsigned long)died->stval, (unsigned long)died->scause,
                     (unsigned long)died->sepc, (unsigned long)died->stval);
    else
        n = snprintf(line, max, "%s[%u]: %s: at 0x%lx: scause=0x%lx sepc=0x%lx stval=0x%lx\n",
                     p->name, (unsigned)p->pid, signal_text(died->signal),
                     (unsigned long)died->sepc, (unsigned long)died->scause,
                     (unsigned long)died->sepc, (unsigned long)died->stval);
    return n < 0 ? 0 : (size_t)n < max ? (size_t)n : max - 1;
}
