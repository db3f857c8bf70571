/* Reading cpio archives in the "newc" format (cpio(5), "New ASCII Format"). Pure: it sees the archive
 * through a window of bytes that the caller fetches, so that it needs not be mapped as a whole. */
#ifndef LIB_CPIO_CPIO_H
#define LIB_CPIO_CPIO_H

#include <stddef.h>
#include <stdint.h>

#define CPIO_HEADER_BYTES 110u
#define CPIO_NAME_MAX 64u /* with its NUL; longer names are refused as corrupt */

struct cpio_entry {
    char name[CPIO_NAME_MAX];
    uint64_t data;  /* offset of the contents in the archive */
    uint64_t bytes; /* of the contents */
    uint64_t next;  /* offset of the next entry */
};

/* Read the entry whose header is at `offset` of an archive of `archive_bytes` bytes. `window` holds
 * the archive's bytes from `offset` on, window_bytes of them: at least CPIO_HEADER_BYTES +
 * CPIO_NAME_MAX or all that the archive has.
 * => 0; ERR_NOENT: the end of the archive (trailer or no more bytes); ERR_CORRUPT. */
int cpio_read(const void *window, size_t window_bytes, uint64_t offset, uint64_t archive_bytes,
              struct cpio_entry *out);

#endif
