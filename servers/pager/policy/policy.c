/* The list of policies. */
#include "policy.h"
#include <string.h>

const struct policy_ops *const policy_all[] = {&policy_clock, &policy_fifo, &policy_aging, NULL};

const struct policy_ops *policy_find(const char *name, size_t len)
{
    for (const struct policy_ops *const *p = policy_all; *p != NULL; p++)
        if (strlen((*p)->name) == len && memcmp((*p)->name, name, len) == 0)
            return *p;
    return NULL;
}

size_t policy_bytes(uint32_t nframes)
{
    size_t most = 0;
    for (const struct policy_ops *const *p = policy_all; *p != NULL; p++)
        if ((*p)->bytes(nframes) > most)
            most = (*p)->bytes(nframes);
    return most;
}
