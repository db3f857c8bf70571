/* Numbers of bytes as people write and read them. */
#include "apps/common/size.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char units[] = "KMGTPE";

/* What the unit at `text` stands for. => 0 if it is none. */
static uint64_t unit_value(const char *text)
{
    const char *found;
    uint64_t value = 1, step = 1024;

    if (!*text || !strcmp(text, "c"))
        return 1;
    if (!text[1] && (*text == 'w' || *text == 'b'))
        return *text == 'w' ? 2 : 512;
    found = strchr(units, toupper((unsigned char)*text));
    if (!found)
        return 0;
    if (!strcmp(text + 1, "B"))
        step = 1000;
    else if (text[1] && strcmp(text + 1, "iB"))
        return 0;
    for (const char *unit = units; unit <= found; unit++)
        value *= step;
    return value;
}

bool size_parse(const char *text, uint64_t *value)
{
    char *end;
    uint64_t unit;

    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    *value = strtoull(text, &end, 10);
    unit = unit_value(end);
    return !errno && unit && !__builtin_mul_overflow(*value, unit, value);
}

char *size_human(uint64_t bytes, char text[SIZE_TEXT_BYTES])
{
    const char *unit = units;
    uint64_t one = 1024; /* bytes of the unit */

    if (bytes < one) {
        snprintf(text, SIZE_TEXT_BYTES, "%" PRIu64, bytes);
        return text;
    }
    while (bytes / one > 1023 || (bytes / one == 1023 && bytes % one)) {
        one *= 1024;
        unit++;
    }
    if (bytes / one < 10 && (bytes * 10 + one - 1) / one < 100)
        snprintf(text, SIZE_TEXT_BYTES, "%" PRIu64 ".%" PRIu64 "%c", (bytes * 10 + one - 1) / one / 10,
                 (bytes * 10 + one - 1) / one % 10, *unit);
    else
        snprintf(text, SIZE_TEXT_BYTES, "%" PRIu64 "%c", (bytes + one - 1) / one, *unit);
    return text;
}
