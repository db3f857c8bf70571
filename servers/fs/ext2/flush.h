/* The flush engine: writes an epoch, phase by phase. See flush.c for the order. */
#ifndef EXT2_FLUSH_H
#define EXT2_FLUSH_H

#include "fs.h"

/* The next write or flush, as ext2_io_next. */
bool flush_next(struct ext2_fs *fs, struct ext2_io *io);

/* A write of buffer `index`, or a flush, ended. */
void flush_write_done(struct ext2_fs *fs, uint32_t index, int status);
void flush_sync_done(struct ext2_fs *fs, int status);

/* What `io->token` says. */
#define TOKEN_READ 0x01000000u
#define TOKEN_WRITE 0x02000000u
#define TOKEN_FLUSH 0x03000000u
#define TOKEN_INDEX 0x00ffffffu

#endif
