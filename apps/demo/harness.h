/* Start and end of a demonstration; for main.c alone. */
#ifndef APPS_DEMO_HARNESS_H
#define APPS_DEMO_HARNESS_H

#include <stdbool.h>

/* Forget earlier claims and let the pager record faults. */
void harness_start(void);
/* => how many claims did not hold. */
unsigned harness_end(void);

/* Parts of demonstrations that run as a program of their own (demand.c). */
bool harness_is_helper(const char *name);
int harness_run_helper(const char *name);

#endif
