/* See tx.h. Undo is by whole copies of the changed blocks; late fields and freed runs are appended
 * only, so that cutting their lists undoes them. */
#include "tx.h"
#include <string.h>
#include "known.h"

/* The most late fields that one transaction adds, with room to spare. */
#define TX_LATE 32u

int tx_begin(struct ext2_fs *fs, uint32_t nfreed)
{
    if (fs->read_only)
        return ERR_ROFS;
    if (fs->flush.state == FLUSH_STUCK)
        return ERR_IO;
    if (fs->flush.state == FLUSH_RUN)
        return EXT2_WAIT;
    bool is_full = fs->bc.ndirty + TX_BUFS + 8 > fs->bc.nbufs ||
                   fs->soft.nlate + TX_LATE > MAX_LATE || fs->soft.nfreed + nfreed > MAX_FREED;
    if (is_full) {
        fs->want_flush = true;
        return EXT2_WAIT;
    }
    fs->tx.is_open = true;
    fs->tx.nbufs = fs->tx.ninodes = fs->tx.nforgets = 0;
    fs->tx.soft = fs->soft;
    return 0;
}

void tx_end(struct ext2_fs *fs)
{
    for (uint32_t i = 0; i < fs->tx.nbufs; i++)
        fs->tx.bufs[i].buf->in_tx = false;
    for (uint32_t i = 0; i < fs->tx.nforgets; i++)
        known_forget(fs, fs->tx.forgets[i].dir, fs->tx.forgets[i].name);
    fs->tx.is_open = false;
}

void tx_forget(struct ext2_fs *fs, uint32_t dir, const struct ext2_name *name)
{
    fs->tx.forgets[fs->tx.nforgets++] = (struct tx_forget){dir, name};
}

static void undo_buffer(struct ext2_fs *fs, uint32_t i)
{
    const struct tx_undo *u = &fs->tx.bufs[i];
    struct buf *b = u->buf;
    b->in_tx = false;
    b->kind = u->kind;
    b->fresh = u->was_fresh;
    b->late = u->late;
    bcache_set_dirty(&fs->bc, b, u->was_dirty);
    if (u->was_cached)
        memcpy(b->data, fs->tx.copies + (size_t)i * fs->block_size, fs->block_size);
    else
        bcache_discard(&fs->bc, b);
}

void tx_abort(struct ext2_fs *fs)
{
    for (uint32_t i = fs->tx.nbufs; i-- > 0;)
        undo_buffer(fs, i);
    for (uint32_t i = fs->tx.ninodes; i-- > 0;) {
        uint32_t refs = fs->tx.inodes[i].ip->refs;
        *fs->tx.inodes[i].ip = fs->tx.inodes[i].saved;
        fs->tx.inodes[i].ip->refs = refs;
    }
    fs->soft = fs->tx.soft;
    fs->tx.is_open = false;
}

int tx_close(struct ext2_fs *fs, int result)
{
    if (result == 0)
        tx_end(fs);
    else
        tx_abort(fs);
    return result;
}

static int remember(struct ext2_fs *fs, struct buf *b, bool was_cached)
{
    if (fs->tx.nbufs == TX_BUFS)
        return ERR_NOMEM;
    uint32_t i = fs->tx.nbufs++;
    fs->tx.bufs[i] = (struct tx_undo){.buf = b,
                                      .was_dirty = b->dirty,
                                      .was_fresh = b->fresh,
                                      .was_cached = was_cached,
                                      .kind = b->kind,
                                      .late = b->late};
    if (was_cached)
        memcpy(fs->tx.copies + (size_t)i * fs->block_size, b->data, fs->block_size);
    b->in_tx = true;
    return 0;
}

int tx_add(struct ext2_fs *fs, struct buf *b, enum buf_kind kind)
{
    if (!b->in_tx) {
        int err = remember(fs, b, true);
        if (err)
            return err;
    }
    b->kind = kind;
    bcache_set_dirty(&fs->bc, b, true);
    return 0;
}

int tx_get(struct ext2_fs *fs, uint32_t block, enum buf_kind kind, struct buf **out)
{
    int err = bcache_get(&fs->bc, block, out);
    return err ? err : tx_add(fs, *out, kind);
}

int tx_get_new(struct ext2_fs *fs, uint32_t block, enum buf_kind kind, struct buf **out)
{
    int err = bcache_get_new(&fs->bc, block, out);
    if (err)
        return err;
    struct buf *b = *out;
    if (!b->in_tx) {
        err = remember(fs, b, b->dirty);
        if (err)
            return err;
    }
    memset(b->data, 0, fs->block_size);
    b->kind = kind;
    b->fresh = true;
    bcache_set_dirty(&fs->bc, b, true);
    return 0;
}

void tx_drop(struct ext2_fs *fs, struct buf *b)
{
    if (!b->dirty || (!b->in_tx && remember(fs, b, true)))
        return;
    bcache_set_dirty(&fs->bc, b, false);
    b->late = BUF_NONE;
    b->fresh = false;
}

int tx_add_inode(struct ext2_fs *fs, struct ext2_inode *ip)
{
    for (uint32_t i = 0; i < fs->tx.ninodes; i++)
        if (fs->tx.inodes[i].ip == ip)
            return 0;
    if (fs->tx.ninodes == TX_INODES)
        return ERR_NOMEM;
    fs->tx.inodes[fs->tx.ninodes].ip = ip;
    fs->tx.inodes[fs->tx.ninodes++].saved = *ip;
    return 0;
}

int late_set(struct ext2_fs *fs, struct buf *b, uint32_t off, uint32_t width, uint32_t until,
             uint32_t value)
{
    if (fs->soft.nlate == MAX_LATE) {
        fs->want_flush = true;
        return EXT2_WAIT;
    }
    fs->late[fs->soft.nlate] = (struct late){.block = b->block,
                                             .next = b->late,
                                             .value = value,
                                             .off = (uint16_t)off,
                                             .width = (uint8_t)width,
                                             .until = (uint8_t)until};
    b->late = fs->soft.nlate++;
    return 0;
}

bool late_find(const struct ext2_fs *fs, const struct buf *b, uint32_t off, uint32_t until,
               uint32_t *value)
{
    for (uint32_t i = b->late; i != BUF_NONE; i = fs->late[i].next)
        if (fs->late[i].off == off && fs->late[i].until == until) {
            *value = fs->late[i].value;
            return fs->late[i].width > 0;
        }
    return false;
}

bool late_covers(const struct ext2_fs *fs, const struct buf *b, uint32_t off, uint32_t len,
                 uint32_t until)
{
    for (uint32_t i = b->late; i != BUF_NONE; i = fs->late[i].next)
        if (fs->late[i].until == until && fs->late[i].off < off + len &&
            fs->late[i].off + fs->late[i].width > off)
            return true;
    return false;
}

int late_keep(struct ext2_fs *fs, struct buf *b, uint32_t off, uint32_t width, uint32_t until)
{
    uint32_t value = 0;
    if (late_find(fs, b, off, until, &value))
        return 0;
    memcpy(&value, b->data + off, width);
    return late_set(fs, b, off, width, until, value);
}
