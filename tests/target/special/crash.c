/* Stores to an address where nothing is, 0x4008: the system's line about it is the test. */
int main(void)
{
    *(volatile int *)0x4008 = 1;
    return 0;
}
