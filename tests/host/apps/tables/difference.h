/* Where what a table printed differs from what is expected. */
#ifndef TESTS_HOST_APPS_TABLES_DIFFERENCE_H
#define TESTS_HOST_APPS_TABLES_DIFFERENCE_H

#include <stdbool.h>

struct difference {
    const char *command, *printed, *expected; /* each the start of a line */
};

/* => whether there is one; then the first. */
bool difference_find(const char *printed, const char *expected, struct difference *found);

#endif
