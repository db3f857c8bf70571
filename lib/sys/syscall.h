/* The system calls as C functions: thin names over sys_trap(), which <trap.h> supplies per
 * architecture (lib/sys/riscv, lib/sys/host). */
#ifndef LIB_SYS_SYSCALL_H
#define LIB_SYS_SYSCALL_H

#include <abi/error.h>
#include <abi/fault.h>
#include <abi/message.h>
#include <abi/syscall.h>
#include <trap.h>

#define SYS_INLINE static inline __attribute__((always_inline))

/* Call the object in `slot`; *m goes out and is replaced by the answer. => error of the call itself
 * (the server's own verdict is in the answer's label). */
SYS_INLINE int sys_call(slot_t slot, struct message *m)
{
    return (int)sys_trap(SYS_CALL, slot, m);
}

/* Answer with *m the caller that `reply` holds, then receive on `endpoint` into *m. */
SYS_INLINE int sys_reply_recv(slot_t reply, slot_t endpoint, struct message *m)
{
    return (int)sys_trap(SYS_REPLY_RECV, SLOTS(reply, endpoint), m);
}

SYS_INLINE int sys_recv(slot_t reply, slot_t object, struct message *m)
{
    *m = (struct message){0};
    return (int)sys_trap(SYS_RECV, SLOTS(reply, object), m);
}

SYS_INLINE int sys_nbrecv(slot_t reply, slot_t object, struct message *m)
{
    *m = (struct message){0};
    return (int)sys_trap(SYS_NBRECV, SLOTS(reply, object), m);
}

SYS_INLINE int sys_signal(slot_t notification)
{
    struct message m = {0};

    return (int)sys_trap(SYS_SIGNAL, notification, &m);
}

SYS_INLINE void sys_yield(void)
{
    struct message m = {0};

    sys_trap(SYS_YIELD, 0, &m);
}

/* Perform the first n items, at least 2, of this thread's message page (a single one travels in
 * registers: sys_item). => 0, or an error with *failed = its
 * index (failed may be NULL). */
SYS_INLINE int sys_items(unsigned n, unsigned *failed)
{
    struct message m = {.tag = (uint64_t)n << TAG_ITEMS_SHIFT};
    int rc = (int)sys_trap(SYS_ITEMS, 0, &m);

    if (rc < 0 && failed)
        *failed = (unsigned)m.word[3];
    return rc;
}

/* Perform one item, its results in place. */
SYS_INLINE int sys_item(struct item *item)
{
    struct message m = {.tag = 1UL << TAG_ITEMS_SHIFT, .word = {item->w0, item->w1, item->w2}};
    int rc = (int)sys_trap(SYS_ITEMS, 0, &m);

    item->w0 = m.word[0];
    item->w1 = m.word[1];
    item->w2 = m.word[2];
    return rc;
}

#endif
