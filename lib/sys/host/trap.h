/* The trap into the kernel, for host tests: goes to sys_host_trap, which the test sets (a loopback
 * to a server's dispatcher, or the kernel's own logic). Time is whatever the test says. */
#ifndef LIB_SYS_TRAP_H
#define LIB_SYS_TRAP_H

#include <abi/types.h>

struct message {
    uint64_t tag;
    uint64_t word[4];
    badge_t badge;
};

extern int64_t (*sys_host_trap)(uint64_t number, uint64_t slots, struct message *m);
extern ticks_t sys_host_time;
extern const void *sys_host_bad; /* what user_copy() takes for a bad pointer; NULL is none */

static inline int64_t sys_trap(uint64_t number, uint64_t slots, struct message *m)
{
    return sys_host_trap(number, slots, m);
}

static inline ticks_t time_now(void)
{
    return sys_host_time;
}

static inline uint64_t instructions_now(void)
{
    return sys_host_time;
}

#endif
