/* See scene.h. */
#include "scene.h"

int scene_start(void **state)
{
    world_start(&(struct world_config){512, 256, "clock"});
    assert_int_equal(world_create(A), 0);
    return 0;
}

int scene_stop(void **state)
{
    world_check();
    world_stop();
    return 0;
}

uint64_t count_of(uint32_t action)
{
    return world_pager()->stats.actions[action];
}

uint64_t mmap_at(uint64_t badge, uint64_t addr, uint64_t len, uint64_t prot_flags,
                        uint64_t fd_offset)
{
    uint64_t rep[4] = {0};
    assert_int_equal(
        world_call(badge, pager_OP_mmap, (uint64_t[4]){addr, len, prot_flags, fd_offset}, rep), 0);
    return rep[0];
}

uint64_t mmap_anon(uint64_t badge, uint64_t npages)
{
    return mmap_at(badge, 0, npages * PAGE_SIZE, RW | ANON << 8, 0);
}

int munmap(uint64_t badge, uint64_t addr, uint64_t npages)
{
    return world_call(badge, pager_OP_munmap, (uint64_t[4]){addr, npages * PAGE_SIZE}, NULL);
}

uint64_t load(uint64_t badge, uint64_t va)
{
    uint64_t value = 0;
    assert_true(world_load(badge, va, &value));
    return value;
}

void store(uint64_t badge, uint64_t va, uint64_t value)
{
    assert_true(world_store(badge, va, value));
}

void set_file(uint32_t file, uint32_t npages)
{
    for (uint32_t i = 0; i < npages * PAGE_SIZE; i++)
        world.file[file].disk[i] = (uint8_t)(i * 7 + (i >> 12));
    for (uint32_t i = 0; i < npages; i++)
        world.file[file].has_blocks[i] = true;
    world.file[file].size = npages * PAGE_SIZE;
}

uint64_t disk_word(uint32_t file, uint64_t at)
{
    uint64_t word;
    memcpy(&word, world.file[file].disk + at, 8);
    return word;
}

uint64_t transfer(uint64_t badge, uint32_t op, uint64_t fd, uint64_t addr, uint64_t len)
{
    uint64_t rep[4] = {0};
    assert_int_equal(world_call(badge, op, (uint64_t[4]){fd, addr, len}, rep), 0);
    return rep[0];
}
