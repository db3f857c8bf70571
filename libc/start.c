/* From the first instruction in C to exit(): thread-local data, environment, constructors, main. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <proto/proc.h>
#include "internal.h"

extern char __tls_block[], __tdata_source[], __tdata_size[];
extern void (*__preinit_array_start[])(void), (*__preinit_array_end[])(void);
extern void (*__init_array_start[])(void), (*__init_array_end[])(void);

int main(int argc, char **argv, char **envp);
void libc_start(struct exec_args *args) __attribute__((noreturn));

/* Weak: a program may have variables of these names. */
char *program_invocation_name __attribute__((weak)) = "?";
char *program_invocation_short_name __attribute__((weak)) = "?";

static void run_all(void (**from)(void), void (**to)(void))
{
    while (from < to)
        (*from++)();
}

static void name_program(char *path)
{
    char *slash = strrchr(path, '/');

    program_invocation_name = path;
    program_invocation_short_name = slash ? slash + 1 : path;
}

void libc_start(struct exec_args *args)
{
    char **argv = (char **)args->argv;

    memcpy(__tls_block, __tdata_source, (size_t)__tdata_size);
    environ = (char **)args->envp;
    if (args->argc)
        name_program(argv[0]);
    signal_start();
    run_all(__preinit_array_start, __preinit_array_end);
    run_all(__init_array_start, __init_array_end);
    exit(main((int)args->argc, argv, environ));
}
