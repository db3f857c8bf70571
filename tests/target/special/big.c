/* A program file larger than memory: 40 MiB of data (big_data.S), each page with its number, walked
 * twice. Prints the sum of all page numbers; exits 1 if a page is not what it should be. */
#include <stdio.h>

#define PAGE_WORDS 512
#define PAGES 10240

extern const unsigned long big_data[PAGES][PAGE_WORDS];

int main(void)
{
    unsigned long sum = 0;
    for (int round = 0; round < 2; round++)
        for (unsigned long page = 0; page < PAGES; page++) {
            if (big_data[page][0] != page || big_data[page][PAGE_WORDS - 1] != page)
                return 1;
            sum += big_data[page][page % PAGE_WORDS];
        }
    printf("%lu\n", sum);
    return 0;
}
