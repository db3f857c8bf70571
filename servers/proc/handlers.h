/* The handlers of calls, which are in several files, and what these share. */
#ifndef PROC_HANDLERS_H
#define PROC_HANDLERS_H

#include <lib/server/call.h>
#include "process.h"

#define MSG(name, req, rep)                                                                        \
    int proc_on_##name(struct proc_service *s, struct call *call,                                  \
                       const struct proc_##name##_req *req_, struct proc_##name##_rep *rep_);
#include <proto/proc.def>
#undef MSG

#endif
