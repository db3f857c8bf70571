/* The pager's counters for tests: read into static storage, so that reading causes no fault twice.
 * => Differences of two readings are exact for what this process alone did in between. */
#ifndef TAP_COUNTERS_H
#define TAP_COUNTERS_H

#include <proto/pager.h>

#define PAGE 4096UL

/* All of the system. Ends the program if the pager does not answer. */
struct pager_stats counters_all(void);

/* Of this process. */
struct pager_proc_stats counters_self(void);

/* How often this process's faults ended with `action` since the process began. */
unsigned long counters_action(enum pager_action action);

/* Resident pages of this process, tables not counted. */
unsigned long counters_resident(void);

#endif
