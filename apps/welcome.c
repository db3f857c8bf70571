/* welcome: what a login shell says first: the machine, who serves it, what the boot cost, and what to
 * type. */
#include <faultline.h>
#include <stdio.h>

#include "apps/common/app.h"

#define MIB(bytes) ((unsigned long)(bytes) >> 20)
#define PAGES_PER_MIB 256
#define TICKS_PER_MS 10000 /* QEMU's virt machine: 10 MHz */
#define INSTRUCTIONS_PER_TICK 100 /* with --icount an instruction is a nanosecond */

static uint64_t instructions(void)
{
    uint64_t n;
    __asm__ volatile("rdinstret %0" : "=r"(n));
    return n;
}

static uint64_t ticks(void)
{
    uint64_t n;
    __asm__ volatile("rdtime %0" : "=r"(n));
    return n;
}

/* Does the instruction counter count instructions? Without --icount QEMU counts the host's time. */
static bool counts_instructions(void)
{
    uint64_t time = ticks(), count = instructions() / INSTRUCTIONS_PER_TICK;
    return count >= time && count < time + TICKS_PER_MS;
}

static void tell_machine(void)
{
    struct proc_boot_rep boot;
    struct pager_stats stats;
    char policy[16];

    if (fl_boot(&boot) || fl_pager_stats(&stats) || fl_policy(policy, sizeof policy)) {
        app_warn("the system does not tell about itself");
        return;
    }
    printf("Faultline: %lu MiB of memory, %lu for programs and files; %lu MiB of swap; policy %s\n",
           MIB(boot.mem_bytes), stats.frames_total / PAGES_PER_MIB,
           stats.swap_total / PAGES_PER_MIB, policy);
    printf("served by init, console, blk, swap, fs, pager and proc; ");
    if (counts_instructions())
        printf("boot took %lu instructions\n", instructions() - boot.instret - boot.idle);
    else
        printf("up after %lu ms\n", ticks() / TICKS_PER_MS);
}

int main(int argc, char **argv)
{
    app_start(argv);
    tell_machine();
    printf("Try:  demo all      pmap $$      pagerctl\n");
    return app_finish(0);
}
