/* How to write a replacement policy.
 *
 * A policy answers one question: which frame shall the pager give up next? It is one C file that
 * defines one `const struct policy_ops` and is listed in policy.c. It never sees addresses, page
 * tables or I/O: only frame numbers, the name of the page that a frame holds, and hints.
 *
 * What the pager promises:
 *   - All state lies behind `self`: `bytes(nframes)` of zeroed memory, set up by `init`. No static
 *     variables: two instances run side by side in the tests, and during a switch.
 *   - A frame is inserted once, then touched, dirtied, rejected any number of times, then removed. No
 *     hint comes for a frame that is not in.
 *   - `victim` only names a frame; it stays in until `remove`. If the pager cannot give that frame up
 *     now (it waits for the disk, or was mapped so lately that it had no chance to be used), it says
 *     `rejected`: name another one next. After 8 rejections in a row the pager helps itself.
 *
 * What each call means:
 *   insert   page `name` now lives in `frame`; `reason` says how it came in
 *   touched  its accessed bit was found set (the bits are sampled about every 100 ms), or the pager
 *            saw the access itself
 *   dirty    it was written: giving it up now costs a write
 *   remove   it left; `given_up` tells eviction (keep a ghost by `name`, if you like) from freeing
 *   victim   name a frame, POLICY_NONE if there are none
 *   tick     a sampling round is complete
 *   coldest  the frames in the order in which you would give them up; used to hand over to another
 *            policy, which gets them by insert(POLICY_HANDOVER), coldest first
 *   read_around  how many pages to read from a file around a page that is missing, 1..limit
 *   describe one line of text about your state
 *
 * Everything must be bounded: O(1) for all but tick, coldest and describe; victim may walk as far as
 * it clears reference bits.
 */
#ifndef PAGER_POLICY_H
#define PAGER_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_NONE UINT32_MAX

enum policy_reason {
    POLICY_FAULT_ZERO,  /* first touch of anonymous memory */
    POLICY_FAULT_COPY,  /* copy on write */
    POLICY_FAULT_FILE,  /* page of a file, wanted by a fault, a read or a write */
    POLICY_FAULT_SWAP,  /* back from swap: a refault */
    POLICY_READ_AROUND, /* nobody has asked for it yet */
    POLICY_HANDOVER,    /* from another policy, coldest first */
};

/* The page in a frame. Names are stable across eviction and return. */
struct policy_page {
    uint64_t object; /* file, or address space */
    uint64_t index;  /* page in it */
};

struct policy_ops {
    const char *name, *summary;
    size_t (*bytes)(uint32_t nframes);
    void (*init)(void *self, uint32_t nframes);
    void (*insert)(void *self, uint32_t frame, struct policy_page name, enum policy_reason reason);
    void (*touched)(void *self, uint32_t frame);
    void (*dirty)(void *self, uint32_t frame);
    void (*remove)(void *self, uint32_t frame, bool given_up);
    uint32_t (*victim)(void *self);
    void (*rejected)(void *self, uint32_t frame);
    void (*tick)(void *self);
    uint32_t (*coldest)(void *self, uint32_t *order, uint32_t room);
    uint32_t (*read_around)(void *self, struct policy_page name, uint32_t limit);
    size_t (*describe)(void *self, char *text, size_t room);
};

extern const struct policy_ops policy_fifo, policy_clock, policy_aging;

/* All policies, NULL at the end; the first is the default. */
extern const struct policy_ops *const policy_all[];

/* => NULL: no such policy. `name` need not end in NUL. */
const struct policy_ops *policy_find(const char *name, size_t len);

/* Memory that is enough for any of them. */
size_t policy_bytes(uint32_t nframes);

#endif
