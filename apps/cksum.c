/* cksum [FILE...]: a check sum (POSIX, "cksum" utility: CRC of the bytes, then of their number), the
 * number of bytes, and the name. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdint.h>
#include <unistd.h>

#include "apps/common/app.h"

#define POLYNOMIAL 0x04c11db7u

static uint32_t table[256];

static void make_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i << 24;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 0x80000000u ? crc << 1 ^ POLYNOMIAL : crc << 1;
        table[i] = crc;
    }
}

static uint32_t add(uint32_t crc, unsigned char byte)
{
    return crc << 8 ^ table[(crc >> 24 ^ byte) & 255];
}

/* => false with errno. */
static bool sum(int fd, uint32_t *crc, uint64_t *size)
{
    static unsigned char buffer[16384];
    ssize_t n;

    *crc = 0;
    *size = 0;
    while ((n = read(fd, buffer, sizeof buffer)) != 0) {
        if (n < 0 && errno != EINTR)
            return false;
        for (ssize_t i = 0; i < n; i++)
            *crc = add(*crc, buffer[i]);
        *size += n > 0 ? (uint64_t)n : 0;
    }
    for (uint64_t left = *size; left; left >>= 8)
        *crc = add(*crc, left & 255);
    *crc = ~*crc;
    return true;
}

static bool show(const char *path, bool named)
{
    int fd = app_open(path);
    uint32_t crc;
    uint64_t size;
    bool read;

    if (fd < 0)
        return false;
    read = sum(fd, &crc, &size);
    if (read)
        printf("%" PRIu32 " %" PRIu64 "%s%s\n", crc, size, named ? " " : "", named ? path : "");
    else
        app_warn("%s", path);
    if (fd)
        close(fd);
    return read;
}

int main(int argc, char **argv)
{
    int status = 0;

    app_start(argv);
    if (getopt(argc, argv, "") != -1)
        app_usage("[FILE...]");
    make_table();
    if (optind == argc)
        status = !show("-", false);
    for (; optind < argc; optind++)
        status |= !show(argv[optind], true);
    return app_finish(status);
}
