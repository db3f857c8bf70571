/* Items: all page work. They ride on a reply or on SYS_ITEMS; each is three words, results in place.
 *
 * Order: the reply object is checked, items in order, reply, receive. At the first error: stop, no
 * reply, no receive; a0 = the error, word 3 = index of the item. Work that was done stays done and
 * is not repeated. At most MSG_ITEMS items; the kernel looks for interrupts at least every 64 PTEs
 * and each page of clear/copy, and then goes on where it was.
 *
 * VSpace slot 0 means the faulter's VSpace, legal only in an answer to a fault whose endpoint
 * capability carried RIGHT_MAP (else ERR_RIGHTS; ERR_GONE if it was destroyed meanwhile).
 * Frames are named by (region slot, index).
 *
 * Any of them: ERR_SLOT, ERR_TYPE, ERR_RIGHTS (VSpace: RIGHT_MAP; region: see there), ERR_RANGE,
 * ERR_ALIGN (va), ERR_BADMSG (unknown op). MAP, DONATE, PIN, CLEAR, COPY and COPY_MAP refuse a page table as
 * frame with ERR_BUSY; what has no frame word (device memory) can only be mapped (else ERR_TYPE).
 *
 * One item on an answer to a fault (ANSWER_RETRY), or on SYS_ITEMS, travels in words 0..2; all others
 * are in the message page. With a reply object that holds nobody any more the items are still done,
 * but one that names the faulter's VSpace gets ERR_GONE.
 *
 * Frame words: one 32-bit word per RAM frame counts mappings and pins, or marks a page table:
 * bit 31 = page table (bits 0..9: valid entries); else bits 29..30 threads that have it as message
 * page, bits 23..28 other pins, bits 0..22 mappings.
 */
#ifndef ABI_ITEM_H
#define ABI_ITEM_H

#include <abi/types.h>

/* w0: op | flags << 8 | a << 16 | b << 32 | count << 48 */
struct item {
    uint64_t w0, w1, w2;
};
#define ITEM_W0(op, flags, a, b, count)                                                            \
    ((uint64_t)(op) | (uint64_t)(flags) << 8 | (uint64_t)(a) << 16 | (uint64_t)(b) << 32 |         \
     (uint64_t)(count) << 48)
#define ITEM_OP(w0) ((uint32_t)((w0)&0xff))
#define ITEM_FLAGS(w0) ((uint32_t)((w0) >> 8 & 0xff))
#define ITEM_A(w0) ((slot_t)((w0) >> 16 & 0xffff))
#define ITEM_B(w0) ((slot_t)((w0) >> 32 & 0xffff))
#define ITEM_COUNT(w0) ((uint32_t)((w0) >> 48 & 0xffff))

/* Page rights in `flags` (legal: R, RX, RW; RWX and X only with PROT_RWX_OK; W without R is
 * refused with ERR_RIGHTS; 0 = invalid PTE). */
#define PROT_R 1u
#define PROT_W 2u
#define PROT_X 4u
#define PROT_RWX_OK 8u
/* Flags of ITEM_HARVEST: clear what was reported. */
#define HARVEST_CLEAR_A 1u
#define HARVEST_CLEAR_D 2u

enum item_op {
    /* a = VSpace, b = region, count = pages (0 = 1), w1 = va, w2 = index of the first frame.
     * Maps consecutive frames at consecutive addresses. ERR_EXISTS if a page is mapped already,
     * ERR_NOTABLE, ERR_ALIGN, ERR_RANGE, ERR_BUSY (the frame is a table), ERR_RIGHTS (region
     * capability lacks RIGHT_WRITE for PROT_W). */
    ITEM_MAP = 1,
    /* a = VSpace, count <= 64 pages from w1 = va (else ERR_RANGE). Absent pages are skipped.
     * out: w1 = bit i: page i was dirty; w2 = bit i: page i was mapped. With count 0 (one page):
     * out: w1 = the old PTE, 0 if it was not mapped. */
    ITEM_UNMAP = 2,
    /* As ITEM_UNMAP, but dirty pages stay mapped. out: w1 = dirty (left), w2 = bits unmapped. */
    ITEM_UNMAP_IF_CLEAN = 3,
    /* One page: a = VSpace, b = region, w1 = va, w2 = new index. out: w1 = the old PTE (0: none). */
    ITEM_REPLACE = 4,
    /* a = VSpace, count <= 64 pages from w1 with rights `flags`; absent pages are skipped; A and D
     * stay. out: w1 = dirty bits, w2 = bits mapped. */
    ITEM_PROTECT = 5,
    /* a = VSpace, count <= 64 pages from w1. out: w1 = D bits, w2 = A bits. */
    ITEM_HARVEST = 6,
    /* a = destination VSpace, b = source VSpace, count pages (any) from w1, same addresses. Every
     * present source page is mapped in the destination too, write permission removed on both
     * sides. Pages present in the destination: ERR_EXISTS. out: w1 = pages cloned. D bits stay with
     * the source. */
    ITEM_CLONE = 7,
    /* a = VSpace, b = region, flags = level (0: leaf table, 1: middle table, 2: root), w1 = va,
     * w2 = index. The frame must have count 0 and pins 0 (ERR_BUSY); it is cleared. ERR_EXISTS if
     * there is a table, ERR_NOTABLE if the level above is missing. */
    ITEM_DONATE = 8,
    /* a = VSpace, b = region (must cover the frame), flags = level, w1 = va. The table must be empty
     * (ERR_BUSY). out: w2 = its index in the region. */
    ITEM_TAKE_TABLE = 9,
    /* b = region (RIGHT_READ, RIGHT_WRITE), w2 = index, count pages (0 = 1): one more pin each.
     * ERR_NOMEM: a frame has 63 already. */
    ITEM_PIN = 10,
    /* The reverse; ERR_RANGE if a frame has none. Message pages have pins of their own. */
    ITEM_UNPIN = 11,
    /* b = region, w2 = index, w1 = offset | length << 32, within the page. */
    ITEM_CLEAR = 12,
    /* a = destination region, b = source region, count = length (0 = 4096),
     * w1 = destination index << 12 | offset, w2 = source index << 12 | offset; each within its
     * page. */
    ITEM_COPY = 13,
    /* One page: a = VSpace, b = region (RIGHT_READ, RIGHT_WRITE), w1 = va,
     * w2 = new index | source index << 32. The page of the source is copied to the new frame, which
     * then takes the place of what is mapped at va, if anything is. out: w1 = the old PTE (0: none). */
    ITEM_COPY_MAP = 14,
    ITEM_OP_COUNT
};

/* Bits of a PTE as ITEM_UNMAP, ITEM_REPLACE, ITEM_COPY_MAP and fault records report it (RISC-V Privileged Spec,
 * "Sv39"); the frame number in it is physical and of use only for comparing. */
#define PTE_V (1UL << 0)
#define PTE_R (1UL << 1)
#define PTE_W (1UL << 2)
#define PTE_X (1UL << 3)
#define PTE_U (1UL << 4)
#define PTE_G (1UL << 5)
#define PTE_A (1UL << 6)
#define PTE_D (1UL << 7)

#endif
