/* The pager's shell on the target: start, and what kern.h needs. */
#ifndef PAGER_TARGET_H
#define PAGER_TARGET_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <lib/server/loop.h>
#include <proto/swap.h>
#include "kern.h"
#include "service.h"

extern struct server server;

/* Set everything up from the boot page. => 0, or the error that init is to be told. */
int target_start(struct pager_service *self, const struct server_boot *boot);

#endif
