/* Where what a table printed differs from what is expected. */
#include "tests/host/apps/tables/difference.h"

#include <string.h>

bool difference_find(const char *printed, const char *expected, struct difference *found)
{
    *found = (struct difference){.command = "", .printed = printed, .expected = expected};
    while (*found->printed || *found->expected) {
        size_t got = strcspn(found->printed, "\n"), want = strcspn(found->expected, "\n");
        if (got != want || memcmp(found->printed, found->expected, got))
            return true;
        if (*found->expected == '$')
            found->command = found->expected;
        found->printed += got + (found->printed[got] != 0);
        found->expected += want + (found->expected[want] != 0);
    }
    return false;
}
