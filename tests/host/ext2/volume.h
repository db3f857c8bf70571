/* A disk in memory with an ext2 image on it, and the shell that a test is to ext2: runs operations
 * until they need not wait, does the disk work in random order, fails reads and writes on demand,
 * and cuts the power with any part of the unflushed sectors lost. */
#ifndef TEST_EXT2_VOLUME_H
#define TEST_EXT2_VOLUME_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "servers/fs/ext2/ext2.h"

#define MAX_QUEUED 8u

struct pending {
    uint64_t offset;
    uint32_t len;
    uint8_t *data;
};

struct volume {
    uint8_t *now;     /* what reads see */
    uint8_t *durable; /* what a power cut leaves for certain */
    uint64_t bytes;
    struct pending *pending; /* written, not flushed */
    size_t npending, max_pending;

    struct ext2_fs *fs;
    void *mem;
    uint32_t nbuffers, ninodes; /* of the next mount; 0: plenty */
    const char *reason;
    uint32_t clock;

    struct ext2_io queue[MAX_QUEUED];
    uint32_t nqueued;
    uint64_t rng;
    uint64_t next_key;
    uint32_t nidle; /* pumps in a row that did nothing */

    uint64_t nreads, nwrites;         /* done so far */
    uint64_t fail_read, fail_write;   /* fail this one, counted from 1; 0: none */
    uint64_t nevents;                 /* writes and flushes */
    uint64_t cut_at;                  /* the power goes before this event; 0: never */
    bool is_off;                      /* it has gone: nothing more reaches the disk */
};

uint64_t volume_seed(void); /* from SEED or the clock; printed */
uint32_t volume_random(struct volume *v, uint32_t below);

/* Make an image of `kib` KiB by mke2fs with `options`, e.g. "-b 1024 -I 128". */
struct volume *volume_make(const char *options, uint32_t kib);
void volume_free(struct volume *v);

int volume_mount(struct volume *v);
int volume_unmount(struct volume *v);
void volume_mount_ok(struct volume *v);
void volume_unmount_clean(struct volume *v); /* and e2fsck -fn must find nothing */
void volume_abandon(struct volume *v);       /* drop the file system object as a crash does */
int volume_sync(struct volume *v);

/* Do disk work and background work once. => false: there was none at all. */
bool volume_pump(struct volume *v);
void volume_settle(struct volume *v); /* until nothing is left to do */

/* Run an operation to its end. */
#define RUN(v, expr)                                                                               \
    ({                                                                                             \
        uint64_t key_ = ++(v)->next_key;                                                           \
        int r_;                                                                                    \
        uint32_t tries_ = 0;                                                                       \
        do {                                                                                       \
            ext2_run_begin((v)->fs, key_);                                                         \
            r_ = (expr);                                                                           \
            ext2_run_end((v)->fs, key_, r_);                                                       \
        } while (r_ == EXT2_WAIT && volume_waits(v, ++tries_));                                    \
        if (r_ == EXT2_WAIT)                                                                       \
            ext2_run_cancel((v)->fs, key_);                                                        \
        r_;                                                                                        \
    })
bool volume_waits(struct volume *v, uint32_t tries);

/* The power comes back: each sector written since the last flush is there or not. */
void volume_power_on(struct volume *v);

/* Run a program on the image; %s is the image's path. => its exit status. The image is read back
 * if `changes`. Its output goes to `out` (may be NULL). */
int volume_tool(struct volume *v, const char *command, bool changes, char *out, size_t size);
void volume_check_clean(struct volume *v); /* e2fsck -fn must exit 0 */

/* Paths, from the root, without links being followed. `ip` must be put. */
int volume_walk(struct volume *v, const char *path, struct ext2_inode **ip);

/* The directory of `path`, and its last component. */
int volume_parent(struct volume *v, const char *path, struct ext2_inode **dir,
                  struct ext2_name *name);

int volume_create(struct volume *v, const char *path, uint32_t mode);
int volume_symlink(struct volume *v, const char *path, const char *target);
int volume_link(struct volume *v, const char *from, const char *to);
int volume_unlink(struct volume *v, const char *path);
int volume_rmdir(struct volume *v, const char *path);
int volume_rename(struct volume *v, const char *from, const char *to);
int volume_truncate(struct volume *v, const char *path, uint64_t size);

/* What the pager does to the disk behind ext2's back. */
void volume_disk_write(struct volume *v, uint64_t offset, const void *data, uint32_t len);

/* Write one block of a file as the pager would: reserve, map, write, done, size. */
int volume_write_block(struct volume *v, struct ext2_inode *ip, uint64_t fblock,
                       const void *data);
int volume_read_block(struct volume *v, struct ext2_inode *ip, uint64_t fblock, void *data);
int volume_write(struct volume *v, const char *path, uint64_t fblock, uint32_t nblocks,
                 uint8_t fill);

#endif
