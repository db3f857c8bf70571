/* What the scenarios of proc's tests share: a system whose first process runs. */
#ifndef TEST_SCENE_H
#define TEST_SCENE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include "fake_kern.h"

extern struct proc_service service;
extern struct process *first;

#define CALL(p, name, ...)                                                                         \
    fake_call(p, proc_OP_##name, (uint64_t[4]){__VA_ARGS__},                                       \
              proc_words(proc_OP_##name).req > 4 ? 4 : proc_words(proc_OP_##name).req)

struct process *by_pid(uint64_t pid);
int setup(void **state);
struct process *fork_of(struct process *p);
/* wait() that finds something at once. */
uint64_t reap(struct process *p, int64_t pid, uint64_t options, uint64_t *status);
void exit_of(struct process *p, unsigned code);
void handle(struct process *p, unsigned signal, unsigned flags, uint64_t mask);

#define TEST(name) cmocka_unit_test_setup(name, setup)

#endif
