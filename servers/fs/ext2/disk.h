/* The ext2 disk format, little-endian, as The Second Extended Filesystem ("disk organization") and
 * mke2fs 1.47 have it. Only fields that we read or write are named; offsets stand beside them.
 * Everything read through these is untrusted. */
#ifndef EXT2_DISK_H
#define EXT2_DISK_H

#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "ext2 fields are read in place: the machine must be little-endian"
#endif

#define EXT2_MAGIC 0xef53u
#define EXT2_SECTOR 512u /* what a disk writes whole or not at all */
#define EXT2_SUPER_OFFSET 1024u
#define EXT2_GOOD_OLD_FIRST_INO 11u
#define EXT2_GOOD_OLD_INODE_SIZE 128u

/* s_state */
#define EXT2_STATE_VALID 1u
#define EXT2_STATE_ERRORS 2u

#define EXT2_INCOMPAT_FILETYPE 0x0002u
#define EXT2_RO_SPARSE_SUPER 0x0001u
#define EXT2_RO_LARGE_FILE 0x0002u

/* s_flags: which char the htree hash of this image was computed with */
#define EXT2_FLAGS_UNSIGNED_HASH 0x0002u

/* i_flags */
#define EXT2_FL_IMMUTABLE 0x10u
#define EXT2_FL_APPEND 0x20u
#define EXT2_FL_INDEX 0x1000u

struct ext2_super {
    uint32_t inodes_count;      /* 0x00 */
    uint32_t blocks_count;      /* 0x04 */
    uint32_t r_blocks_count;    /* 0x08 */
    uint32_t free_blocks;       /* 0x0c */
    uint32_t free_inodes;       /* 0x10 */
    uint32_t first_data_block;  /* 0x14: 1 for 1 KiB blocks, else 0 */
    uint32_t log_block_size;    /* 0x18: block size = 1024 << this */
    uint32_t log_frag_size;     /* 0x1c */
    uint32_t blocks_per_group;  /* 0x20 */
    uint32_t frags_per_group;   /* 0x24 */
    uint32_t inodes_per_group;  /* 0x28 */
    uint32_t mtime;             /* 0x2c: of the last mount */
    uint32_t wtime;             /* 0x30: of the last write */
    uint16_t mnt_count;         /* 0x34 */
    uint16_t max_mnt_count;     /* 0x36 */
    uint16_t magic;             /* 0x38 */
    uint16_t state;             /* 0x3a */
    uint32_t skipped1[4];       /* 0x3c */
    uint32_t rev_level;         /* 0x4c: 0 = fixed inode format, 1 = dynamic */
    uint32_t skipped2;          /* 0x50 */
    uint32_t first_ino;         /* 0x54 */
    uint16_t inode_size;        /* 0x58 */
    uint16_t block_group_nr;    /* 0x5a */
    uint32_t feature_compat;    /* 0x5c */
    uint32_t feature_incompat;  /* 0x60 */
    uint32_t feature_ro_compat; /* 0x64 */
    uint32_t skipped3[32];      /* 0x68 */
    uint32_t last_orphan;       /* 0xe8 */
    uint32_t hash_seed[4];      /* 0xec */
    uint8_t def_hash_version;   /* 0xfc */
    uint8_t skipped4[3];        /* 0xfd */
    uint32_t skipped5[24];      /* 0x100 */
    uint32_t flags;             /* 0x160 */
};

struct ext2_group {
    uint32_t block_bitmap; /* 0x00 */
    uint32_t inode_bitmap; /* 0x04 */
    uint32_t inode_table;  /* 0x08 */
    uint16_t free_blocks;  /* 0x0c */
    uint16_t free_inodes;  /* 0x0e */
    uint16_t used_dirs;    /* 0x10 */
    uint16_t skipped[7];   /* 0x12 */
};

#define EXT2_NDIRECT 12u
#define EXT2_IND 12u
#define EXT2_NPTR 15u

struct ext2_dinode {
    uint16_t mode;        /* 0x00 */
    uint16_t uid;         /* 0x02: low half */
    uint32_t size;        /* 0x04: low half */
    uint32_t atime;       /* 0x08 */
    uint32_t ctime;       /* 0x0c */
    uint32_t mtime;       /* 0x10 */
    uint32_t dtime;       /* 0x14: of deletion; on the orphan list: the next inode */
    uint16_t gid;         /* 0x18: low half */
    uint16_t links;       /* 0x1a */
    uint32_t blocks512;   /* 0x1c */
    uint32_t flags;       /* 0x20 */
    uint32_t osd1;        /* 0x24 */
    uint32_t block[15];   /* 0x28: 12 direct, single, double, triple; or a short link target */
    uint32_t generation;  /* 0x64 */
    uint32_t file_acl;    /* 0x68: block of extended attributes */
    uint32_t size_high;   /* 0x6c: regular files */
    uint32_t faddr;       /* 0x70 */
    uint16_t skipped;     /* 0x74 */
    uint16_t file_acl_hi; /* 0x76 */
    uint16_t uid_high;    /* 0x78 */
    uint16_t gid_high;    /* 0x7a */
    uint32_t reserved;    /* 0x7c */
    /* Behind 128 bytes, if inodes are larger and extra_isize covers the field: */
    uint16_t extra_isize;  /* 0x80 */
    uint16_t checksum_hi;  /* 0x82 */
    uint32_t ctime_extra;  /* 0x84: nanoseconds and epoch bits */
    uint32_t mtime_extra;  /* 0x88 */
    uint32_t atime_extra;  /* 0x8c */
    uint32_t crtime;       /* 0x90 */
    uint32_t crtime_extra; /* 0x94 */
    uint32_t version_hi;   /* 0x98 */
    uint32_t projid;       /* 0x9c */
};

#define EXT2_EXTRA_ISIZE 32u /* extra_isize of the inodes that we make: through projid */

struct ext2_rec {
    uint32_t ino;     /* 0: unused space */
    uint16_t rec_len; /* to the next entry; a multiple of 4 */
    uint8_t name_len;
    uint8_t type; /* EXT2_FT_* with the filetype feature, else high byte of name_len: 0 */
    char name[];
};

enum ext2_ft { FT_UNKNOWN, FT_REG, FT_DIR, FT_CHR, FT_BLK, FT_FIFO, FT_SOCK, FT_LNK };

_Static_assert(sizeof(struct ext2_group) == 32, "group descriptor");
_Static_assert(sizeof(struct ext2_dinode) == 160, "inode with its extra part");
_Static_assert(__builtin_offsetof(struct ext2_super, last_orphan) == 0xe8, "superblock");
_Static_assert(__builtin_offsetof(struct ext2_super, def_hash_version) == 0xfc, "superblock");
_Static_assert(__builtin_offsetof(struct ext2_super, flags) == 0x160, "superblock");

#endif
