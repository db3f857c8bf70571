/* Reading cpio archives: see cpio.h. */
#include <lib/cpio/cpio.h>
#include <stdbool.h>
#include <string.h>
#include <abi/error.h>

enum {
    FIELD_BYTES = 8,
    AT_FILESIZE = 54, /* the seventh field after the magic */
    AT_NAMESIZE = 94, /* the twelfth */
};

/* Eight hexadecimal digits. */
static bool read_field(const char *text, uint64_t *out)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < FIELD_BYTES; i++) {
        char c = text[i];

        if (c >= '0' && c <= '9')
            value = value << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint64_t)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            value = value << 4 | (uint64_t)(c - 'A' + 10);
        else
            return false;
    }
    *out = value;
    return true;
}

static uint64_t pad4(uint64_t n)
{
    return (n + 3) & ~3UL;
}

int cpio_read(const void *window, size_t window_bytes, uint64_t offset, uint64_t archive_bytes,
              struct cpio_entry *out)
{
    const char *text = window;
    uint64_t name_bytes, left;

    if (offset >= archive_bytes)
        return ERR_NOENT;
    left = archive_bytes - offset;
    if (window_bytes > left)
        window_bytes = left;
    if (window_bytes < CPIO_HEADER_BYTES || memcmp(text, "070701", 6) != 0)
        return ERR_CORRUPT;
    if (!read_field(text + AT_FILESIZE, &out->bytes) || !read_field(text + AT_NAMESIZE, &name_bytes))
        return ERR_CORRUPT;
    if (name_bytes == 0 || name_bytes > CPIO_NAME_MAX ||
        name_bytes > window_bytes - CPIO_HEADER_BYTES)
        return ERR_CORRUPT;
    memcpy(out->name, text + CPIO_HEADER_BYTES, name_bytes);
    if (out->name[name_bytes - 1] != 0)
        return ERR_CORRUPT;
    if (strcmp(out->name, "TRAILER!!!") == 0)
        return ERR_NOENT;
    out->data = pad4(CPIO_HEADER_BYTES + name_bytes);
    if (out->data > left || out->bytes > left - out->data)
        return ERR_CORRUPT;
    out->data += offset;
    out->next = offset + pad4(out->data - offset + out->bytes);
    return 0;
}
