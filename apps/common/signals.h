/* Names and numbers of signals. */
#ifndef APPS_COMMON_SIGNALS_H
#define APPS_COMMON_SIGNALS_H

/* By name, with or without SIG, or by number. 0: EXIT or 0. -1: unknown. */
int signal_number(const char *name);
/* Without SIG; "?" for an unknown one. */
const char *signal_name(int number);

#define SIGNAL_COUNT 32

#endif
