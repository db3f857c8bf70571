/* Memory of servers: see sizes.h. */
#include <servers/init/sizes.h>

#define MIB (1UL << 20)
#define SWAP_SLOT_BYTES 16u /* the swap server's record of a slot */
#define SECTORS_PER_PAGE (PAGE_SIZE / 512)

static uint64_t at_least(uint64_t n, uint64_t least)
{
    return n > least ? n : least;
}

static uint64_t at_most(uint64_t n, uint64_t most)
{
    return n < most ? n : most;
}

static uint64_t heap_bytes(enum server_id id, uint64_t ram_bytes, uint64_t swap_sectors)
{
    switch (id) {
    case SRV_PAGER:
        return at_least(ram_bytes / 16, MIB + MIB / 2);
    case SRV_FS: /* half for metadata, half for what is in pipes */
        return at_most(at_least(ram_bytes / 32, 2 * MIB), 8 * MIB);
    case SRV_SWAP:
        return at_most(swap_sectors / SECTORS_PER_PAGE * SWAP_SLOT_BYTES, ram_bytes / 16);
    case SRV_PROC:
    case SRV_INIT:
    case SRV_CONSOLE:
    case SRV_BLK:
    case SRV_COUNT:
        return 0;
    }
    return 0;
}

uint32_t heap_pages(enum server_id id, uint64_t ram_bytes, uint64_t swap_sectors)
{
    return (uint32_t)((heap_bytes(id, ram_bytes, swap_sectors) + PAGE_SIZE - 1) >> PAGE_SHIFT);
}
