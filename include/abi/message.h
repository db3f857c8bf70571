/* The message page: one pinned frame per thread, bound by TCB_SET_MESSAGE, mapped by the thread's
 * pager where the thread expects it (<abi/layout.h>). The kernel reads and writes it through its
 * direct map, so it cannot fault. The areas are disjoint: an upcall never overwrites a message in
 * flight, items never overwrite payload. */
#ifndef ABI_MESSAGE_H
#define ABI_MESSAGE_H

#include <abi/item.h>

#define MSG_REG_WORDS 4 /* words in a2..a5 */
#define MSG_WORDS 384   /* payload words beyond those */
#define MSG_ITEMS 16
#define MSG_BYTES (MSG_WORDS * 8)

struct msgpage {
    uint64_t payload[MSG_WORDS];   /* sender's words 4.. are copied to the receiver's payload */
    struct item items[MSG_ITEMS];  /* results in place */
    uint64_t regs[32];             /* upcall frame: [0] = pc, [i] = xi */
    uint64_t fregs[32];            /* upcall frame: f0..f31 */
    uint64_t fcsr;
    slot_t send_slot;              /* capability to send with TAG_CAP */
    slot_t recv_slot;              /* empty slot for an arriving capability; 0 = drop */
    uint64_t upcall_masked;        /* kernel: 1 from an upcall until SYS_RESUME */
    uint64_t reserved[13];
};

_Static_assert(sizeof(struct msgpage) == PAGE_SIZE, "the message page is one page");

#endif
