/* The fake file system and swap disk: what they answer, and what they hold. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "machine.h"
#include <servers/pager/frame.h>
#include <proto/pagefs.h>
#include <proto/swap.h>

static uint8_t *swap_disk;
static uint64_t *swap_key;
static bool *swap_taken;
static uint32_t swap_slots;

void disks_start(uint32_t slots)
{
    swap_slots = slots;
    swap_disk = malloc((swap_slots + 1) * PAGE_SIZE);
    swap_key = calloc(swap_slots + 1, sizeof *swap_key);
    swap_taken = calloc(swap_slots + 1, sizeof *swap_taken);
}

void disks_stop(void)
{
    free(swap_disk);
    free(swap_key);
    free(swap_taken);
}

static int do_fill(struct world_file *f, const uint64_t *w, uint64_t *hole)
{
    uint64_t index = w[2];
    *hole = 1;
    if (index >= WORLD_FILE_PAGES || !f->has_blocks[index])
        return 0;
    memcpy(machine.ram + w[3] * PAGE_SIZE, f->disk + index * PAGE_SIZE, PAGE_SIZE);
    *hole = 0;
    return 0;
}

static int do_write(struct world_file *f, const uint64_t *w)
{
    uint64_t index = w[2];
    assert(index < WORLD_FILE_PAGES && w[4] >= 1 && w[4] <= PAGE_SIZE);
    assert(w[5] == f->has_credit[index]);
    assert(f->has_blocks[index] || f->has_credit[index]);
    for (uint64_t i = w[4]; i < PAGE_SIZE; i++)
        assert(machine.ram[w[3] * PAGE_SIZE + i] == 0);
    memcpy(f->disk + index * PAGE_SIZE, machine.ram + w[3] * PAGE_SIZE, PAGE_SIZE);
    f->has_blocks[index] = true;
    f->has_credit[index] = false;
    return 0;
}

static int do_credit(struct world_file *f, const uint64_t *w, uint64_t *reserved)
{
    *reserved = 0;
    if (w[2] >= WORLD_FILE_PAGES)
        return ERR_FBIG;
    if (f->has_blocks[w[2]])
        return 0;
    if (world.disk_full)
        return ERR_NOSPC;
    assert(!f->has_credit[w[2]]);
    f->has_credit[w[2]] = true;
    *reserved = 1;
    return 0;
}

static int fs_io(const struct world_io *io, uint64_t *rep)
{
    struct world_file *f = &world.file[io->word[0] - 1];
    assert(io->word[0] >= 1 && io->word[0] <= WORLD_FILES && io->word[1] == 7);
    switch (io->op) {
    case pagefs_OP_fill:
        return do_fill(f, io->word, rep);
    case pagefs_OP_write:
        return do_write(f, io->word);
    case pagefs_OP_credit:
        return do_credit(f, io->word, rep);
    case pagefs_OP_uncredit:
        assert(f->has_credit[io->word[2]]);
        f->has_credit[io->word[2]] = false;
        return 0;
    case pagefs_OP_size:
        f->size = io->word[2];
        f->tells++;
        return 0;
    case pagefs_OP_sync:
        f->syncs++;
        return 0;
    case pagefs_OP_idle:
        f->idles++;
        return 0;
    case pagefs_OP_accessed:
        f->accesses++;
        return 0;
    default:
        abort();
    }
}

static int swap_out(const uint64_t *w, uint64_t *slot)
{
    assert(machine.nmaps[w[0]] == 0 || frame_of(world_pager(), w[0])->flags & FRAME_DIRTY ||
           !(frame_of(world_pager(), w[0])->flags & FRAME_EVICT));
    if (world.disk_full)
        return ERR_NOSPC;
    for (uint32_t i = 0; i < swap_slots; i++)
        if (!swap_taken[i]) {
            swap_taken[i] = true;
            swap_key[i] = w[1];
            memcpy(swap_disk + i * PAGE_SIZE, machine.ram + w[0] * PAGE_SIZE, PAGE_SIZE);
            *slot = i;
            return 0;
        }
    return ERR_NOSPC;
}

static int swap_io(const struct world_io *io, uint64_t *rep)
{
    const uint64_t *w = io->word;
    switch (io->op) {
    case swap_OP_out:
        return swap_out(w, rep);
    case swap_OP_in:
        assert(w[0] < swap_slots && swap_taken[w[0]] && swap_key[w[0]] == w[2]);
        memcpy(machine.ram + w[1] * PAGE_SIZE, swap_disk + w[0] * PAGE_SIZE, PAGE_SIZE);
        return 0;
    case swap_OP_free:
        assert(w[0] < swap_slots && swap_taken[w[0]] && swap_key[w[0]] == w[1]);
        swap_taken[w[0]] = false;
        return 0;
    default:
        abort();
    }
}

int disks_serve(const struct world_io *io, uint64_t *rep)
{
    return io->peer == SRV_FS ? fs_io(io, rep) : swap_io(io, rep);
}
