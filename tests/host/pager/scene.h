/* A start for tests of the pager: one process, and what it does in one line each. */
#ifndef TEST_PAGER_SCENE_H
#define TEST_PAGER_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "world.h"
#include <servers/pager/aspace.h>
#include <servers/pager/frame.h>
#include <servers/pager/work.h>
#include <proto/fspage.h>
#include <proto/pagerproc.h>

#define A WORLD_BADGE(1, 0)
#define B WORLD_BADGE(2, 1)
#define C WORLD_BADGE(3, 2)
#define HEAP 0x20000UL
#define ANON (PAGER_MAP_PRIVATE | PAGER_MAP_ANONYMOUS)
#define RW (PAGER_PROT_READ | PAGER_PROT_WRITE)

int scene_start(void **state);
int scene_stop(void **state);

uint64_t count_of(uint32_t action);
uint64_t mmap_at(uint64_t badge, uint64_t addr, uint64_t len, uint64_t prot_flags,
                        uint64_t fd_offset);
uint64_t mmap_anon(uint64_t badge, uint64_t npages);
int munmap(uint64_t badge, uint64_t addr, uint64_t npages);
uint64_t load(uint64_t badge, uint64_t va);
void store(uint64_t badge, uint64_t va, uint64_t value);
void set_file(uint32_t file, uint32_t npages);
uint64_t disk_word(uint32_t file, uint64_t at);
uint64_t transfer(uint64_t badge, uint32_t op, uint64_t fd, uint64_t addr, uint64_t len);

#endif
