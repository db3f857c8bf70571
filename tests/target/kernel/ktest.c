#include "tests/target/kernel/sys.h"
#include <abi/bootinfo.h>
#include <abi/layout.h>

#define UART_VA 0x3ff00000UL
static volatile unsigned char *const uart = (void *)UART_VA;
static void put(const char *s) { while (*s) *uart = *s++; }
void root_main(struct bootinfo *b);
void root_main(struct bootinfo *b)
{
    int64_t r = item(ITEM_W0(ITEM_MAP, PROT_R | PROT_W, ROOT_VSPACE, ROOT_DEVICES, 1), UART_VA, 0x10000000 >> 12);
    if (r) for (;;);
    put("hello from root\n");
    for (;;) call(99,0,0,0,0,0);
}
