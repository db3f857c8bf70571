/* The one line that says why a process was ended by the pager. */
#ifndef PROC_REPORT_H
#define PROC_REPORT_H

#include <stddef.h>
#include <proto/pagerproc.h>
#include "process.h"

/* "NAME[PID]: CAUSE: scause=... sepc=... stval=...\n" => its length, less than max. */
size_t report_death(char *line, size_t max, const struct process *p,
                    const struct pagerproc_died_req *died);

#endif
