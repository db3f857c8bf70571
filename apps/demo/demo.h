/* What the demonstrations share: saying what happens, claiming what must be true, and looking at
 * what the pager did.
 *
 * A demonstration causes faults in memory of its own, looks at the pager's records of them, and
 * claims things about these. A claim that doesn't hold makes the program fail; so each one is a
 * test as well. */
#ifndef APPS_DEMO_DEMO_H
#define APPS_DEMO_DEMO_H

#include <faultline.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE ((size_t)PAGE_SIZE)
#define KIB ((size_t)1024)
#define MIB (KIB * KIB)

struct demo {
    const char *name;
    const char *about;
    void (*run)(void);
};

extern const struct demo demo_lazy, demo_zerofill, demo_cow, demo_demand, demo_evict, demo_mmap,
    demo_guard, demo_badaddr, demo_oom;

/* A line of the story. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Something that must be true; counted and shown if it isn't. */
void claim(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A call that must succeed for the demonstration to make sense; ends the program with the reason.
 */
void need(bool succeeded, const char *what);

/* The system's counters, this process's counters. */
struct pager_stats system_now(void);
struct pager_proc_stats process_now(void);
/* How often the pager took an action for this process since `before`. */
uint64_t actions_since(const struct pager_proc_stats *before, enum pager_action action);
/* One line of frame counts. */
void show_frames(const char *when, const struct pager_stats *stats);

/* From the pager's record of this process's last faults: how many within [start, start + bytes)
 * were answered by `action`, and what they were. The record holds some dozens. */
size_t faults_in(const void *start, size_t bytes, enum pager_action action);
void show_faults(const void *start, size_t bytes);

/* `bytes` of untouched private memory. */
unsigned char *new_memory(size_t bytes);
void free_memory(void *memory, size_t bytes);
/* One byte of each page. */
void store_pages(void *memory, size_t bytes);
unsigned load_pages(const void *memory, size_t bytes);

/* A child process that runs `body` and exits with what it returns. */
pid_t start_child(int (*body)(void *), void *context);
/* Wait for it. => status as wait() gives it. */
int finish_child(pid_t pid);
/* A line for a person: "exit 0", "signal 11". */
const char *status_text(int status);
bool exited_well(int status);
bool died_by(int status, int signal);

/* Two processes in step: signal_other() on one side lets await_other() on the other side go on. */
struct step {
    int to_child[2], to_parent[2];
    bool is_child;
};
void step_open(struct step *step);
void step_become_child(struct step *step);
void step_signal(struct step *step);
void step_await(struct step *step);
void step_close(struct step *step);

#endif
