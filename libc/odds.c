/* Names that older programs use. */
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

char *cuserid(char *to)
{
    static char own[L_cuserid];

    return strcpy(to ? to : own, "root");
}

void cfree(void *p)
{
    free(p);
}

intmax_t strtoimax_l(const char *restrict text, char **restrict end, int base, locale_t locale)
{
    return strtoimax(text, end, base);
}

uintmax_t strtoumax_l(const char *restrict text, char **restrict end, int base, locale_t locale)
{
    return strtoumax(text, end, base);
}
