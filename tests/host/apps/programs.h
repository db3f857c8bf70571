/* Runs the programs that SCons built for the host, and keeps what they print. */
#ifndef TESTS_HOST_APPS_PROGRAMS_H
#define TESTS_HOST_APPS_PROGRAMS_H

#define PROGRAMS_PATH 600

/* The folder of the programs, and this one. */
extern char programs_dir[PROGRAMS_PATH], programs_tests_dir[PROGRAMS_PATH];

/* Called first. */
void programs_find(void);

/* What `command` prints on standard output, in malloc's memory; its exit status. */
char *programs_output(const char *command, int *status);
/* The text of tests/host/apps/PATH, in malloc's memory. */
char *programs_expected(const char *path);

#endif
