/* The fake kernel's truth: PTEs, table frames, counts per frame. Shared by the files of the world. */
#ifndef TEST_PAGER_MACHINE_H
#define TEST_PAGER_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <abi/item.h>
#include <lib/server/boot.h>
#include "world.h"

struct pte {
    uint32_t key_slot; /* slot + 1, 0: free, ~0: deleted */
    uint64_t vpn;
    uint32_t frame, rights;
    bool a, d;
};

struct machine {
    uint8_t *ram;
    uint32_t *nmaps, *npins;
    bool *is_table;
    uint32_t nframes;
};

extern struct machine machine;

void machine_start(uint32_t nframes);
void machine_stop(void);

/* The PTE of page `vpn` in VSpace `slot`, or NULL; made empty if it isn't there and `make`. */
struct pte *pte_find(uint32_t slot, uint64_t vpn, bool make);

/* As fault records and items report it. */
uint64_t pte_word(const struct pte *p);

/* The disks: what fs and swap do with a request. => its status, *rep the first reply word. */
void disks_start(uint32_t swap_slots);
void disks_stop(void);
int disks_serve(const struct world_io *io, uint64_t *rep);

#endif
