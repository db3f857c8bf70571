/* Makes every kernel object of the system, then one region of all the memory that is left. */
#include <servers/init/init.h>
#include <lib/sys/invoke.h>

#define SMALL_CSPACE 512u
#define FEW_REPLIES 4u
#define PROGRAM_REPLIES (POOL_SLOTS + 8u)
#define PAGER_UNTYPED (64UL << 10)
/* Left in the untyped, for what a replaced server may need. */
#define SPARE_BYTES (256UL << 10)

const struct server_info server_info[SRV_COUNT] = {
    [SRV_INIT] = {"init", 12, 0, false},
    [SRV_CONSOLE] = {"console", 11, FEW_REPLIES, false},
    [SRV_BLK] = {"blk", 11, FEW_REPLIES, false},
    [SRV_SWAP] = {"swap", 10, FEW_REPLIES, false},
    [SRV_FS] = {"fs", 8, PROGRAM_REPLIES, false},
    [SRV_PAGER] = {"pager", 9, PROGRAM_REPLIES, true},
    [SRV_PROC] = {"proc", 8, PROGRAM_REPLIES, false},
};

static void make(enum object_type type, unsigned count, uint64_t size, slot_t dst)
{
    must(untyped_retype(ROOT_UNTYPED, type, count, size, dst, 0), "making kernel objects");
}

static void make_server(enum server_id id)
{
    bool has_pools = id == SRV_PROC || id == SRV_PAGER;

    make(OBJ_CSPACE, 1, has_pools ? SERVER_CSPACE_SLOTS : SMALL_CSPACE, SLOT_OF(id, OF_CSPACE));
    make(OBJ_VSPACE, 1, 0, SLOT_OF(id, OF_VSPACE));
    make(OBJ_TCB, 1, 0, SLOT_OF(id, OF_TCB));
    make(OBJ_ENDPOINT, 1, 0, SLOT_OF(id, OF_ENDPOINT));
    make(OBJ_NOTIFICATION, 1, 0, SLOT_OF(id, OF_NOTIFICATION));
    make(OBJ_TIMER, 1, 0, SLOT_OF(id, OF_TIMER));
    if (server_info[id].has_untyped)
        make(OBJ_UNTYPED, 1, PAGER_UNTYPED, SLOT_OF(id, OF_UNTYPED));
    must(untyped_retype(ROOT_UNTYPED, OBJ_REPLY, server_info[id].replies, 0, SLOT_REPLY,
                        SLOT_OF(id, OF_CSPACE)),
         "making reply objects");
}

void objects_make(struct init *init)
{
    make(OBJ_REPLY, 1, 0, INIT_REPLY);
    make(OBJ_ENDPOINT, 1, 0, INIT_ENDPOINT);
    make(OBJ_NOTIFICATION, 1, 0, INIT_NOTIFICATION);
    make(OBJ_TIMER, 1, 0, INIT_TIMER);
    for (enum server_id id = SRV_INIT + 1; id < SRV_COUNT; id++)
        make_server(id);
    make(OBJ_TCB, POOL_SLOTS, 0, INIT_POOL_TCB);
    make(OBJ_VSPACE, POOL_SLOTS, 0, INIT_POOL_VSPACE);
    make(OBJ_CSPACE, POOL_SLOTS, PROG_CSPACE_SLOTS, INIT_POOL_CSPACE);
    must(tcb_bind(ROOT_TCB, INIT_NOTIFICATION), "binding init's notification");
    must(cspace_mint(ROOT_CSPACE, INIT_SCRATCH, INIT_NOTIFICATION, RIGHT_WRITE, NOTIFY_TIMER),
         "init's timer");
    must(timer_bind(INIT_TIMER, INIT_SCRATCH), "init's timer");
    cspace_delete(ROOT_CSPACE, INIT_SCRATCH, 1);
}

void memory_make(struct init *init)
{
    struct region_info info;
    uint64_t bytes;

    must(untyped_left(ROOT_UNTYPED, &bytes), "measuring memory");
    if (bytes < SPARE_BYTES + 2 * PAGE_SIZE)
        die("not enough memory: %lu KiB left after kernel objects", (unsigned long)(bytes >> 10));
    init->memory_pages = (pfn_t)((bytes - SPARE_BYTES) >> PAGE_SHIFT) - 1;
    make(OBJ_REGION, 1, init->memory_pages, INIT_MEMORY);
    must(region_info(INIT_MEMORY, &info), "measuring memory");
    init->memory_base = info.base;
}
