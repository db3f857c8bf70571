/* Host side of the trap: what tests set, and the message page that servers and programs have at a
 * fixed address on the target. */
#include <trap.h>
#include <abi/message.h>
#include <lib/sys/rpc.h>
#include <lib/sys/user.h>

static int64_t no_kernel(uint64_t number, uint64_t slots, struct message *m)
{
    (void)number;
    (void)slots;
    (void)m;
    return ERR_NOSYS;
}

int64_t (*sys_host_trap)(uint64_t number, uint64_t slots, struct message *m) = no_kernel;
ticks_t sys_host_time;
struct msgpage sys_msgpage;
const void *sys_host_bad;

int user_copy(void *to, const void *from, size_t n)
{
    if (to == sys_host_bad || from == sys_host_bad)
        return ERR_FAULT;
    memcpy(to, from, n);
    return 0;
}
