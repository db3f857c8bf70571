/* Built-in devices: their table. */
#include <servers/fs/device.h>
#include <string.h>

static const struct {
    const char *name;
    uint32_t rdev; /* major << 8 | minor, as Linux numbers them */
    uint32_t mode;
} devices[DEVICE_COUNT] = {
    [DEVICE_NULL] = {"null", 0x103, 0666},     [DEVICE_ZERO] = {"zero", 0x105, 0666},
    [DEVICE_FULL] = {"full", 0x107, 0666},     [DEVICE_RANDOM] = {"random", 0x108, 0666},
    [DEVICE_URANDOM] = {"urandom", 0x109, 0666}, [DEVICE_TTY] = {"tty", 0x500, 0666},
    [DEVICE_CONSOLE] = {"console", 0x501, 0600}, [DEVICE_STDIN] = {"stdin", 0, 0666},
    [DEVICE_STDOUT] = {"stdout", 0, 0666},     [DEVICE_STDERR] = {"stderr", 0, 0666},
};

void devices_init(struct device_attr attr[DEVICE_COUNT], int64_t now_ns)
{
    for (enum device d = DEVICE_NULL; d < DEVICE_COUNT; d++)
        attr[d] = (struct device_attr){.mode = devices[d].mode, .atime_ns = now_ns,
                                       .mtime_ns = now_ns, .ctime_ns = now_ns};
}

const char *device_name(enum device device)
{
    return devices[device].name;
}

uint32_t device_rdev(enum device device)
{
    return devices[device].rdev;
}

enum device device_of_rdev(uint32_t rdev)
{
    for (enum device d = DEVICE_NULL; d <= DEVICE_CONSOLE; d++)
        if (devices[d].rdev == rdev)
            return d;
    return DEVICE_NONE;
}

enum device device_named(const char *name, size_t len)
{
    for (enum device d = DEVICE_NULL; d < DEVICE_COUNT; d++)
        if (strlen(devices[d].name) == len && memcmp(devices[d].name, name, len) == 0)
            return d;
    return DEVICE_NONE;
}
