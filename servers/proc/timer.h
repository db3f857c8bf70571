/* Timers that send signals: the three interval timers of each process, and those of timer_create. */
#ifndef PROC_TIMER_H
#define PROC_TIMER_H

#include "process.h"

/* --- interval timers: enum interval ---------------------------------------------------------- */

/* Go off after `value` ticks (0: off) of real or processor time, then every `interval` ticks. */
void interval_set(struct proc_service *s, struct process *p, enum interval which, uint64_t value,
                  uint64_t interval);

/* What is left until it goes off; 0: it is off. */
uint64_t interval_left(struct process *p, enum interval which);

void interval_fired(struct proc_service *s, struct process *p, enum interval which);

/* --- timers of timer_create ------------------------------------------------------------------ */

/* signal 0: it only counts. => 0 with *id, or ERR_AGAIN. */
int timer_new(struct proc_service *s, struct process *p, unsigned signal, uint64_t value,
              uint64_t *id);

/* The timer `id` of p, or NULL. */
struct timer *timer_of(struct proc_service *s, const struct process *p, uint64_t id);

/* Go off at the time `at` (0: off), then every `interval` ticks. */
void timer_arm(struct proc_service *s, struct timer *t, uint64_t at, uint64_t interval);

void timer_fired(struct proc_service *s, struct timer *t);
void timer_free(struct proc_service *s, struct timer *t);

/* p took a signal: if it came from a timer, the timer may send the next one. */
void timer_taken(struct proc_service *s, const struct process *p, const struct signal_info *info);

/* The clock that can be set went forward by `ns`: what waits for a time of it waits so much less. */
void timers_move(struct proc_service *s, int64_t ns);

/* All timers of p: it ends (with the interval timers), or runs a new program (without). */
void timers_drop(struct proc_service *s, struct process *p, bool ends);

#endif
