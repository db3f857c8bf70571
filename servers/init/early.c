/* Output before the console lives (polled UART), and the end of the machine. Also used for the last
 * words when a server has failed: it needs nobody's help. */
#include <servers/init/init.h>
#include <lib/sys/invoke.h>
#include <stdio.h>

/* 16550: transmit holding register, line status register and its "holding register empty" bit. */
enum { UART_THR = 0, UART_LSR = 5, UART_LSR_THRE = 0x20 };
/* sifive,test0: values that end the machine. */
enum { POWER_PASS = 0x5555, POWER_FAIL = 0x3333 };

static volatile uint8_t *uart;
static volatile uint32_t *power;

volatile void *window_device(enum window_device at, paddr_t base)
{
    vaddr_t va = WINDOW_DEVICE + at * PAGE_SIZE;
    struct frame frame = {ROOT_DEVICES, (pfn_t)(base >> PAGE_SHIFT)};
    struct item item = item_map(ROOT_VSPACE, va, frame, PROT_R | PROT_W, 1);

    return sys_item(&item) == 0 ? (volatile void *)(va + (base & PAGE_MASK)) : NULL;
}

/* Tables for the window: they come before everything else, or nothing could be said. */
static void make_window(struct init *init)
{
    unsigned nleaves = 1 + (unsigned)((init->info->initrd_bytes + 0x1fffff) >> 21);
    struct frame frame = {INIT_TABLES, 0};
    struct item item = item_donate(ROOT_VSPACE, WINDOW_VA, 1, frame);

    untyped_retype(ROOT_UNTYPED, OBJ_REGION, 1, nleaves + 1, INIT_TABLES, 0);
    sys_item(&item);
    for (unsigned i = 0; i < nleaves; i++) {
        frame.index++;
        item = item_donate(ROOT_VSPACE, WINDOW_VA + ((vaddr_t)i << 21), 0, frame);
        sys_item(&item);
    }
}

void early_start(struct init *init)
{
    const struct fdt_device *d;
    struct fdt fdt;
    int rc;

    make_window(init);
    rc = fdt_open(&fdt, (const void *)init->info->dtb_va, init->info->dtb_bytes);
    if (rc == 0)
        rc = fdt_devices(&fdt, &init->devices);
    d = fdt_device(&init->devices, FDT_UART, 0);
    if (d)
        uart = window_device(WINDOW_UART, d->base);
    d = fdt_device(&init->devices, FDT_POWER, 0);
    if (d)
        power = window_device(WINDOW_POWER, d->base);
    must(rc, "reading the device tree");
}

static void put(char c)
{
    while (!(uart[UART_LSR] & UART_LSR_THRE))
        ;
    uart[UART_THR] = (uint8_t)c;
}

void vsay(const char *format, va_list args)
{
    char line[LOG_LINE_MAX];

    if (!uart)
        return;
    vsnprintf(line, sizeof line, format, args);
    for (const char *p = "init: "; *p; p++)
        put(*p);
    for (const char *p = line; *p; p++)
        put(*p);
    put('\r');
    put('\n');
}

void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsay(format, args);
    va_end(args);
}

void machine_stop(unsigned code)
{
    if (power)
        *power = code ? POWER_FAIL | code << 16 : POWER_PASS;
    for (;;)
        sys_recv(INIT_REPLY, INIT_NOTIFICATION, &(struct message){0});
}

void die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsay(format, args);
    va_end(args);
    machine_stop(STOP_BOOT);
}

static const char *error_text(int rc)
{
    switch (rc) {
#define X(name, value, posix, text)                                                                \
    case value:                                                                                    \
        return text;
        ERR_LIST(X)
#undef X
    default:
        return "unknown error";
    }
}

void must(int rc, const char *what)
{
    if (rc < 0)
        die("%s: %s (%d)", what, error_text(rc), rc);
}
