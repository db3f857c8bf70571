/* The file system object: what the parts of ext2/ share. Internal; the public face is ext2.h.
 * Everything that a transaction may change is either in a buffer, in an inode's `d`, or in
 * `struct soft`, so that tx_abort can put it back. */
#ifndef EXT2_FS_H
#define EXT2_FS_H

#include "bcache.h"
#include "disk.h"
#include "ext2.h"

#define TX_BUFS 32u     /* most buffers changed by one transaction */
#define TX_INODES 8u    /* most inodes */
#define MAX_LATE 2048u  /* late fields in one epoch */
#define MAX_FREED 1024u /* runs waiting to be given back */
#define MAX_FLIGHT 128u /* new data blocks being written */
#define MAX_ORPHANS 32u
#define NBOUNCE 4u
#define NNAMES 64u /* name cache */
#define LEAVING_BITS 16384u

/* When a change reaches the disk within an epoch: the order of writing. Between two phases that
 * write anything lies a disk flush. flush.c has the drawing and the reasons. */
enum phase {
    PH_MARK,                   /* superblock: not clean */
    PH_BITMAPS,                /* taken before anything points there */
    PH_FRESH,                  /* new blocks' content before pointers to them */
    PH_INODES,                 /* inodes and pointer blocks; new inodes without links yet */
    PH_NAMES,                  /* new names */
    PH_LIVE,                   /* new inodes get their links, parents before children */
    PH_DEATH = PH_LIVE + 16,   /* removed directories lose their links, children first */
    PH_SWITCH = PH_DEATH + 16, /* names that change what they point at */
    PH_NAMES_OLD,              /* old names go */
    PH_LINKS,                  /* smaller link counts */
    PH_SUPER,                  /* counters, first step of the orphan list */
    PH_END = PH_SUPER + 16     /* and its other steps, each after the one before */
};
#define ORPHAN_STEPS ((uint32_t)(PH_END - PH_SUPER))
#define MAX_RANK 15u

/* A field whose new value must not reach the disk before phase `until`; until then writes of its
 * block carry `value`. */
struct late {
    uint32_t block; /* for checking only */
    uint32_t next;  /* older one of the same buffer, or BUF_NONE */
    uint32_t value;
    uint16_t off;
    uint8_t width; /* 1, 2 or 4 bytes; 0: cancels an older one */
    uint8_t until; /* enum phase */
};

/* Blocks, or an inode, that are no longer named once `epoch` is durable. */
struct freed {
    uint64_t epoch;
    uint32_t start;
    uint32_t count; /* 0: `start` is an inode number */
};

/* A new block whose data is being written by the pager. */
struct flight {
    struct ext2_inode *ip; /* NULL: unused */
    uint64_t fblock;
    uint32_t block;
};

/* Small state that a transaction may change, copied at its begin. */
struct soft {
    uint32_t reserved; /* blocks promised to the pager */
    uint32_t nlate, nfreed;
    uint32_t freed_blocks; /* sum of all freed runs */
    uint32_t norphans;
    uint32_t orphans[MAX_ORPHANS]; /* the list on the disk, head first */
    uint64_t orphan_epoch;         /* of its last change */
    uint32_t orphan_steps;         /* changes in that epoch, up to ORPHAN_STEPS */
};

struct ext2_inode {
    uint32_t ino; /* 0: this slot is unused */
    uint32_t refs;
    uint32_t table_block, table_off; /* where it lies on the disk */
    uint32_t slot_hint;              /* directory: blocks before it have no room */
    uint32_t void_from, void_to;     /* directory: blocks in between hold no entry */
    bool is_dead;                    /* no names left: to be emptied and freed */
    bool is_replaced;                /* renamed over; its name is in lost+found until reaped */
    bool is_cutting;                 /* from the orphan list: blocks behind its size must go */
    bool is_done;                    /* dead, and nothing is left to do but to clear its bit */
    uint8_t rank;                    /* see PH_LIVE, PH_DEATH; valid in rank_epoch */
    bool is_new;                     /* made in rank_epoch */
    uint64_t rank_epoch;             /* 0 never */
    uint64_t dead_epoch;             /* in which it died or was replaced */
    uint32_t replaced_dir;           /* where the name of a replaced inode is */
    uint32_t replaced_tag;           /* and the number in that name */
    uint64_t used;                   /* stamp */
    struct buf *buf;                 /* holds it on the disk; valid between inode_edit and tx_end */
    struct ext2_dinode d;
};

/* One remembered lookup: `name` is not in blocks before `upto`, or it is at (block, off). */
struct known {
    uint32_t dir; /* 0: unused */
    bool is_found;
    uint8_t len;
    uint32_t block; /* found: file block. Else: first block not searched */
    uint32_t off;
    char name[EXT2_NAME_MAX];
};

struct tx_undo {
    struct buf *buf;
    bool was_dirty, was_fresh, was_cached;
    uint8_t kind;
    uint32_t late;
};

/* A remembered lookup that is wrong once the transaction is kept. */
struct tx_forget {
    uint32_t dir;
    const struct ext2_name *name;
};
#define TX_FORGETS 8u

struct tx_inode {
    struct ext2_inode *ip;
    struct ext2_inode saved;
};

struct tx {
    bool is_open;
    uint32_t nbufs, ninodes, nforgets;
    struct tx_forget forgets[TX_FORGETS];
    struct tx_undo bufs[TX_BUFS];
    struct tx_inode inodes[TX_INODES];
    struct soft soft;
    uint8_t *copies; /* TX_BUFS blocks */
};

enum flush_state { FLUSH_IDLE, FLUSH_RUN, FLUSH_STUCK };

struct flush {
    enum flush_state state;
    uint32_t phase;
    uint64_t needed;              /* bit per phase: something to write */
    uint32_t cursor;              /* next buffer to look at in this phase */
    uint32_t inflight;            /* writes out */
    bool wrote;                   /* this phase wrote something */
    bool syncing;                 /* a FLUSH is out */
    bool failed;                  /* a write of this phase failed */
    uint32_t bounce_buf[NBOUNCE]; /* buffer index using it, or BUF_NONE */
    uint8_t *bounce;              /* NBOUNCE blocks */
};

#define INODE_HINTS 256u

struct ext2_fs {
    /* memory */
    uint8_t *mem;
    size_t mem_bytes;
    uint64_t disk_bytes;
    uint32_t max_buffers;

    /* geometry: checked at mount, never read from a buffer again */
    bool has_super; /* geometry is checked */
    bool is_mounted, read_only;
    bool was_clean; /* may be marked clean again at unmount */
    bool has_filetype, unsigned_hash;
    uint32_t block_size, block_shift, ptrs_per_block;
    uint32_t blocks_count, inodes_count, first_data_block, r_blocks;
    uint32_t blocks_per_group, inodes_per_group, ngroups, ngd_blocks;
    uint32_t inode_size, first_ino;
    uint32_t hash_seed[4];

    struct bcache bc;
    struct buf *super_buf; /* wired */
    struct tx tx;
    struct soft soft;
    struct late *late;
    struct freed *freed;
    struct flight flight[MAX_FLIGHT];
    struct ext2_inode *inodes;
    uint32_t ninodes;
    uint32_t inode_hint[INODE_HINTS]; /* by ino: the slot where it was last seen */
    uint8_t leaving[LEAVING_BITS / 8]; /* by hash: names that go from the disk in this epoch */
    struct known *known;
    uint32_t next_known;

    struct flush flush;
    bool data_written;      /* pointers to new data wait: the data must be flushed first */
    bool want_flush, again; /* start one as soon as possible; and another one after it */
    bool marked;            /* the disk says "not clean" */
    bool closing;           /* unmount is writing the clean mark */
    bool orphans_foreign;   /* the disk's orphan list is not ours to change */
    uint64_t epoch;         /* the one that collects changes */
    uint64_t failures, failures_told;

    uint64_t owner; /* key of the request whose buffers are pinned; 0 none */
    uint64_t stamp;
    uint32_t now;            /* latest time heard of */
    uint32_t lost_found;     /* inode number, 0 unknown */
    bool is_working;         /* within ext2_work */
    bool has_odd;            /* false: no inode is dead, replaced or being cut, need not look */
    const char *notice;      /* mount: what to say on success */
    uint32_t checked_groups; /* mount: descriptors found good so far */
};

static inline struct ext2_super *fs_super(const struct ext2_fs *fs)
{
    uint32_t off = fs->block_size > EXT2_SUPER_OFFSET ? EXT2_SUPER_OFFSET : 0;
    return (struct ext2_super *)(fs->super_buf->data + off);
}

#endif
