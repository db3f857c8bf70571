/* Requests of proc, fs and init to the pager, each run until it is completed. */
#include <string.h>
#include "world.h"
#include <proto/fspage.h>
#include <proto/procpager.h>

static int request(enum server_id peer, uint32_t op, const uint64_t *words)
{
    struct ring_entry e = {.head = RING_HEAD(op, 1)};
    uint32_t done = world.completed;
    memcpy(e.word, words, 6 * 8);
    int status = service_request(&world.service, peer, &e);
    if (status != PARKED)
        return status;
    world_until(&world.completed, done + 1);
    return world.last_completion;
}

int world_create(uint64_t badge)
{
    world.thread[BADGE_SLOT(badge)] = (struct world_thread){.state = WORLD_RUNNING};
    return request(SRV_PROC, procpager_OP_create, (uint64_t[6]){badge});
}

int world_clone(uint64_t parent, uint64_t child)
{
    if (BADGE_SLOT(child) < POOL_SLOTS)
        world.thread[BADGE_SLOT(child)] = (struct world_thread){.state = WORLD_RUNNING};
    return request(SRV_PROC, procpager_OP_clone, (uint64_t[6]){parent, child});
}

int world_exec(uint64_t badge, uint64_t args, uint64_t bytes)
{
    return request(SRV_PROC, procpager_OP_exec, (uint64_t[6]){badge, args, bytes});
}

int world_destroy(uint64_t badge)
{
    world.thread[BADGE_SLOT(badge)].state = WORLD_STOPPED;
    return request(SRV_PROC, procpager_OP_destroy, (uint64_t[6]){badge});
}

int world_open(uint64_t badge, uint32_t fd, uint64_t stream, uint32_t file, uint32_t flags)
{
    return request(SRV_FS, fspage_OP_stream_add,
                   (uint64_t[6]){badge, fd | 7UL << 32, stream, file + 1, flags,
                                 world.file[file].size});
}

int world_close(uint64_t badge, uint32_t fd)
{
    return request(SRV_FS, fspage_OP_stream_drop, (uint64_t[6]){badge, fd});
}

int world_truncate(uint32_t file, uint64_t size)
{
    int status = request(SRV_FS, fspage_OP_truncate, (uint64_t[6]){file + 1, 7, size});
    for (uint64_t i = (size + PAGE_MASK) >> 12; i < WORLD_FILE_PAGES; i++)
        world.file[file].has_blocks[i] = false;
    world.file[file].size = size;
    return status;
}

int world_discard(uint32_t file)
{
    return request(SRV_FS, fspage_OP_discard, (uint64_t[6]){file + 1, 7});
}

int world_flush(uint32_t file)
{
    return request(SRV_FS, fspage_OP_flush, (uint64_t[6]){file == NONE ? 0 : file + 1, 7});
}

int world_quiesce(void)
{
    uint32_t done = world.completed;
    int status = service_quiesce(&world.service, 1);
    if (status != PARKED)
        return status;
    world_until(&world.completed, done + 1);
    return world.last_completion;
}
