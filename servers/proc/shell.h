/* The two objects of this server, which only its shell (main.c, kern.c) knows. */
#ifndef PROC_SHELL_H
#define PROC_SHELL_H

#include <lib/server/loop.h>
#include "process.h"

extern struct server server;
extern struct proc_service proc;

#endif
