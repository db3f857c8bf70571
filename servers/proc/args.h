/* The argument block of the first process: struct exec_args, pointers as offsets, strings. */
#ifndef PROC_ARGS_H
#define PROC_ARGS_H

#include <stddef.h>
#include <stdint.h>

/* Build it at `out` (8-byte aligned) from arguments that each end in a NUL. Without any: the shell.
 * A first argument without a slash is looked up in /bin.
 * => bytes, or 0: it does not fit into max_bytes, or the last argument has no NUL. */
size_t args_build(const char *argv, size_t argv_bytes, void *out, size_t max_bytes);

#endif
