/* See known.h. A fixed table, replaced round robin. */
#include "known.h"
#include <string.h>

struct known *known_find(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name)
{
    for (uint32_t i = 0; i < NNAMES; i++) {
        struct known *k = &fs->known[i];
        if (k->dir == dir && k->len == name->len && memcmp(k->name, name->bytes, k->len) == 0)
            return k;
    }
    return NULL;
}

static struct known *take(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name)
{
    struct known *k = known_find(fs, dir, name);
    if (k)
        return k;
    k = &fs->known[fs->next_known++ % NNAMES];
    k->dir = dir;
    k->len = (uint8_t)name->len;
    memcpy(k->name, name->bytes, name->len);
    return k;
}

void known_found(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name, uint32_t block,
                 uint32_t off)
{
    struct known *k = take(fs, dir, name);
    k->is_found = true;
    k->block = block;
    k->off = off;
}

void known_absent(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name, uint32_t upto)
{
    struct known *k = take(fs, dir, name);
    k->is_found = false;
    k->block = upto;
}

void known_forget(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name)
{
    struct known *k = known_find(fs, dir, name);
    if (k)
        k->dir = 0;
}

void known_forget_dir(struct ext2_fs *fs, uint32_t dir)
{
    for (uint32_t i = 0; i < NNAMES; i++)
        if (fs->known[i].dir == dir)
            fs->known[i].dir = 0;
}
