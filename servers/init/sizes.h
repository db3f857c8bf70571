/* How much memory each server gets, from the size of the machine. Pure arithmetic. */
#ifndef SERVERS_INIT_SIZES_H
#define SERVERS_INIT_SIZES_H

#include <stdint.h>
#include <lib/server/boot.h>

/* Pages of heap for server `id` on a machine with `ram_bytes` and a swap disk of `swap_sectors`
 * sectors of 512 bytes. */
uint32_t heap_pages(enum server_id id, uint64_t ram_bytes, uint64_t swap_sectors);

#endif
