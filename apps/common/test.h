/* The conditions of `test` and `[`; shared by the program and the shell's builtin. */
#ifndef APPS_COMMON_TEST_H
#define APPS_COMMON_TEST_H

/* argv[0] is "test" or "[" (which wants a "]" at the end).
 * => 0 true, 1 false, 2 not an expression; then *complaint says why. */
int test_command(int argc, char **argv, const char **complaint);

#endif
