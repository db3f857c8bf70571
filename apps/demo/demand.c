/* Demand paging: exec maps a program's segments; its pages come from the file when they are
 * touched, and all processes that run the file use the same frames. */
#include "apps/demo/demo.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/demo/harness.h"

#define BALLAST (512 * KIB)
#define TOUCHED 3
#define AREAS_MAX 64

/* Makes the program file larger than what this demonstration touches of it. */
static const unsigned char ballast[BALLAST]
    __attribute__((aligned(PAGE_SIZE))) = {[0] = 1, [BALLAST / 2] = 2, [BALLAST - 1] = 3};

/* The area of a process that holds `address`. */
static struct pager_vma area_of(const void *address)
{
    struct pager_vma areas[AREAS_MAX];
    ssize_t count = fl_pmap(0, areas, AREAS_MAX);

    for (ssize_t i = 0; i < count; i++)
        if ((uintptr_t)address >= areas[i].start && (uintptr_t)address < areas[i].end)
            return areas[i];
    need(false, "the program's own area");
    return areas[0];
}

static unsigned touch_some(void)
{
    volatile const unsigned char *bytes = ballast;

    return bytes[0] + bytes[BALLAST / 2] + bytes[BALLAST - 1];
}

/* A second process that runs the same file: touches the same pages, then waits to be looked at. */
static int exec_again(void *context)
{
    struct step *step = context;

    step_become_child(step);
    dup2(step->to_child[0], 0);
    dup2(step->to_parent[1], 1);
    execl("/bin/demo", "demo", "--touch-and-wait", (char *)NULL);
    return 127;
}

bool harness_is_helper(const char *name)
{
    return !strcmp(name, "--touch-and-wait");
}

int harness_run_helper(const char *name)
{
    char token = 0;
    bool right = touch_some() == 6;

    if (write(1, &token, 1) != 1 || read(0, &token, 1) != 1)
        return 1;
    return !right;
}

static void show_own_pages(void)
{
    struct pager_vma area = area_of(ballast);
    uint64_t pages = (area.end - area.start) / PAGE;

    say("this program's read-only segment has %lu pages, %lu are resident", pages, area.resident);
    claim(area.resident < pages, "exec did not load it whole");
    claim(touch_some() == 6, "bytes at the start, the middle and the end are those of the file");
    show_faults(ballast, sizeof ballast);
    area = area_of(ballast);
    claim(area.resident < pages, "touching %d pages left most of the file alone: %lu resident",
          TOUCHED, area.resident);
}

/* Run the file once more. => the counters while that process had touched its pages. */
static struct pager_stats run_again(int *status)
{
    struct pager_stats meanwhile;
    struct step step;
    pid_t pid;

    step_open(&step);
    pid = start_child(exec_again, &step);
    step_await(&step);
    meanwhile = system_now();
    step_signal(&step);
    *status = finish_child(pid);
    step_close(&step);
    return meanwhile;
}

static void run(void)
{
    struct pager_stats before, second;
    int status;

    show_own_pages();
    run_again(&status);
    before = system_now();
    second = run_again(&status);
    claim(
        second.file_reads == before.file_reads,
        "a process that runs the same file and touches the same pages reads nothing from the disk");
    claim(second.frames_file == before.frames_file, "it uses the same frames");
    claim(exited_well(status), "and sees the same bytes (%s)", status_text(status));
    show_frames("before", &before);
    show_frames("second", &second);
}

const struct demo demo_demand = {"demand", "a program's pages come when they are touched", run};
