/* A server that faults before it is ready. */
#include <lib/server/boot.h>

int main(const struct server_boot *boot)
{
    *(volatile uint64_t *)0x4008 = boot->id;
    return 0;
}
