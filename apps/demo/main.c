/* demo NAME | all: shows one of the things that the pager does, and checks it.
 *
 * Status 0 if all claims held, 1 if not. `all` runs each in a process of its own. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/demo/demo.h"
#include "apps/demo/harness.h"

static const struct demo *const demos[] = {
    &demo_lazy, &demo_zerofill, &demo_cow,     &demo_demand, &demo_evict,
    &demo_mmap, &demo_guard,    &demo_badaddr, &demo_oom,
};

#define DEMOS (sizeof demos / sizeof *demos)

static int run(const struct demo *demo)
{
    unsigned failed;

    printf("== %s: %s\n", demo->name, demo->about);
    harness_start();
    demo->run();
    failed = harness_end();
    if (failed)
        printf("== %s: %u claims do not hold\n\n", demo->name, failed);
    else
        printf("== %s: all claims hold\n\n", demo->name);
    fflush(stdout);
    return failed != 0;
}

static int run_in_child(const struct demo *demo)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0)
        _exit(run(demo));
    need(pid > 0, "fork");
    need(waitpid(pid, &status, 0) == pid, "waitpid");
    if (!WIFEXITED(status))
        printf("== %s: ended by %s\n\n", demo->name, status_text(status));
    return !exited_well(status);
}

static int run_all(void)
{
    unsigned failed = 0;

    for (size_t i = 0; i < DEMOS; i++)
        failed += (unsigned)run_in_child(demos[i]);
    printf("%zu demonstrations, %u failed\n", DEMOS, failed);
    return failed != 0;
}

static void usage(void)
{
    printf("usage: demo NAME | all\n");
    for (size_t i = 0; i < DEMOS; i++)
        printf("  %-9s %s\n", demos[i]->name, demos[i]->about);
}

int main(int argc, char **argv)
{
    app_start(argv);
    if (argc == 2 && !strcmp(argv[1], "all"))
        return app_finish(run_all());
    for (size_t i = 0; argc == 2 && i < DEMOS; i++)
        if (!strcmp(argv[1], demos[i]->name))
            return app_finish(run(demos[i]));
    if (argc == 2 && harness_is_helper(argv[1]))
        return harness_run_helper(argv[1]);
    usage();
    return 2;
}
