/* Bad accesses: each ends the process that does it, and no other. The line that says so comes from
 * proc, on the terminal. */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "apps/demo/demo.h"

#define NOWHERE ((uintptr_t)0x2000000000) /* no area is there */

static int load_null(void *context)
{
    return *(volatile int *)context;
}

static int load_wild(void *context)
{
    return *(volatile int *)NOWHERE;
}

static int store_wild(void *context)
{
    *(volatile int *)NOWHERE = 1;
    return 0;
}

static int store_kernel(void *context)
{
    *(volatile int *)(uintptr_t)0xffffffc000000000u = 1;
    return 0;
}

static int store_text(void *context)
{
    *(volatile unsigned char *)(uintptr_t)store_wild = 1;
    return 0;
}

static int store_read_only(void *context)
{
    unsigned char *memory = new_memory(PAGE);

    memory[0] = 1;
    need(!mprotect(memory, PAGE, PROT_READ), "mprotect");
    *(volatile unsigned char *)memory = 2;
    return 0;
}

static int jump_wild(void *context)
{
    ((void (*)(void))NOWHERE)();
    return 0;
}

static int jump_data(void *context)
{
    static uint32_t ret = 0x00008067; /* RISC-V: ret */

    ((void (*)(void))(uintptr_t)&ret)();
    return 0;
}

static int illegal(void *context)
{
    __asm__ volatile(".word 0");
    return 0;
}

static int privileged(void *context)
{
    __asm__ volatile("csrw satp, zero");
    return 0;
}

static const struct {
    const char *what;
    int (*does)(void *);
    int signal;
} cases[] = {
    {"a load through a null pointer", load_null, SIGSEGV},
    {"a load from where nothing is mapped", load_wild, SIGSEGV},
    {"a store to where nothing is mapped", store_wild, SIGSEGV},
    {"a store to an address of the kernel", store_kernel, SIGSEGV},
    {"a store to the program's text", store_text, SIGSEGV},
    {"a store to a read-only page", store_read_only, SIGSEGV},
    {"a jump to where nothing is mapped", jump_wild, SIGSEGV},
    {"a jump into data", jump_data, SIGSEGV},
    {"an illegal instruction", illegal, SIGILL},
    {"an instruction of the kernel", privileged, SIGILL},
};

static int nothing(void *context)
{
    return 0;
}

static void run(void)
{
    struct pager_stats before, after;

    finish_child(start_child(nothing, NULL));
    before = system_now();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = finish_child(start_child(cases[i].does, NULL));
        claim(died_by(status, cases[i].signal), "%s ends the child (%s)", cases[i].what,
              status_text(status));
    }
    claim(exited_well(finish_child(start_child(nothing, NULL))), "this process goes on");
    after = system_now();
    claim(after.frames_anon == before.frames_anon && after.frames_table == before.frames_table,
          "and all frames of the dead have come back");
    show_frames("before", &before);
    show_frames("after", &after);
}

const struct demo demo_badaddr = {"badaddr", "bad accesses end only those who make them", run};
