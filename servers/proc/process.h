/* Processes as proc knows them, and the state of the whole server.
 *
 *   FREE -> EMBRYO (create or clone posted to pager and fs) -> ALIVE -> ENDING (destroy posted to both)
 *        -> ZOMBIE (until waited for) -> FREE
 *   EMBRYO that could not be made -> ENDING (destroy where it succeeded) -> FREE
 *
 * A process takes part in at most one operation with peers at a time (`op`); who is to be ended during
 * one is stopped at once and `doomed`, and ends when the operation is complete. So no peer is ever
 * asked for two things about one process at once. An entry is also the pool slot of its thread, address
 * space and capabilities.
 */
#ifndef PROC_PROCESS_H
#define PROC_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <lib/server/boot.h>
#include <proto/proc.h>
#include "deadline.h"

#define NSIGNALS 64
#define SIGNAL_RT 32u        /* this and the following queue */
#define SIGNAL_BIT(n) (1ul << (n))
#define SIGNALS_QUEUED 128u  /* that queue, for one process; SIGQUEUE_MAX of libc */
#define SIGNAL_POOL 1024u    /* signals that wait with what they tell, of all processes */
#define TIMERS_OWNED 32u     /* by one process; TIMER_MAX of libc */
#define TIMER_POOL 256u
#define OVERRUN_MAX 0x7fffffffu
#define PID_MAX 32767u
#define PID_HASH 512u
#define NAME_BYTES 24u
#define ARGS_BYTES (24u << 10)

enum life { LIFE_FREE = 0, LIFE_EMBRYO, LIFE_ALIVE, LIFE_ENDING, LIFE_ZOMBIE };
enum op { OP_NONE = 0, OP_MAKE, OP_EXEC_MEMORY, OP_EXEC_FILES, OP_DESTROY };

/* A call of the process that is answered later. */
enum parked { PARK_NONE = 0, PARK_FORK, PARK_EXEC, PARK_WAIT, PARK_SLEEP, PARK_SUSPEND, PARK_SIGWAIT,
              PARK_STOPPED };

enum disposition { SIG_DEFAULT = 0, SIG_IGNORED = 1, SIG_HANDLED = 2 };

struct action {
    uint8_t disposition; /* enum disposition */
    uint8_t flags;       /* enum action_flag */
    uint64_t mask;
};

struct signal_info {
    uint32_t signal;
    int32_t code;        /* enum signal_code */
    uint64_t from;       /* pid | status << 32 */
    uint64_t value;      /* si_value */
    uint32_t timer;      /* serial of the timer that sent it, 0: none did */
};

struct queued_signal {
    struct signal_info info;
    uint16_t next;       /* index in the pool, 0: the last */
};

/* In ticks: of the `time` CSR for the first, of use of the processor for the others. */
enum interval { INTERVAL_REAL, INTERVAL_VIRTUAL, INTERVAL_PROF, INTERVALS };

struct interval_timer {
    uint64_t at, interval; /* at 0: off */
    struct deadline deadline;
};

/* Of timer_create. */
struct timer {
    struct deadline deadline;
    struct process *owner;  /* NULL: free */
    uint64_t at, interval;  /* at 0: off */
    uint64_t value;
    uint32_t signal;        /* 0: none */
    uint32_t serial;
    uint32_t overrun;       /* ends of the interval since its pending signal was sent */
    uint32_t told_overrun;  /* the same of the signal that was taken last */
    bool is_pending, is_wall; /* is_wall: `at` is a time of the clock that can be set */
};

/* As in libc's <sys/signal.h>. */
enum action_flag {
    ACTION_NOCLDSTOP = 1,
    ACTION_RESTART = 8,
    ACTION_NODEFER = 16,
    ACTION_RESETHAND = 32,
    ACTION_NOCLDWAIT = 64,
};

struct limit {
    uint64_t soft, hard; /* ~0: none */
};

struct process {
    uint8_t life, op, parked; /* enums above */
    bool doomed;              /* ends with end_status when `op` is complete */
    bool adopted;             /* its parent ended: nobody waits for it */
    bool was_cared_for;       /* stopped; its group was not orphaned before somebody ended */
    bool execed;
    bool lived;               /* was ALIVE once */
    bool stopped;             /* by a signal */
    bool thread_stopped;      /* and its thread really is */
    bool held_by_files;       /* its call to fs waits for an `interrupt`: as good as stopped */
    bool stop_news, continue_news; /* not yet told to a waiting parent */
    uint8_t outstanding;      /* completions that `op` waits for */
    bool has_memory, has_files; /* peers that know the process */
    int make_error;           /* first error of OP_MAKE */
    uint32_t pid, pgid, sid;
    uint32_t end_status, stop_signal;
    badge_t badge;
    struct process *parent, *child, *next_sibling, *prev_sibling;
    struct process *next_in_hash;
    struct process *forking;  /* the embryo that is made of it */

    /* parked */
    slot_t reply;
    int64_t wait_pid;
    uint64_t wait_options;
    vaddr_t exec_args;
    char exec_name[NAME_BYTES];
    uint64_t held[4];         /* PARK_STOPPED: the answer when it goes on */
    uint32_t held_words;
    uint64_t sigwait_set;
    struct deadline park_timer;  /* sleep, sigwait */
    bool park_is_wall;        /* the sleep ends at a time of the clock that can be set */

    /* signals: bit n = signal n */
    uint64_t mask, pending;
    uint64_t saved_mask;      /* while sigsuspend waits */
    uint16_t queued_first, nqueued; /* in the pool: what the pending ones tell */
    vaddr_t entry;            /* of upcalls; 0: none */
    struct action action[NSIGNALS];
    struct deadline retry;
    struct deadline used_up;  /* when the limit of processor time may be reached */
    uint64_t warn_at;         /* ticks used when SIGXCPU is due again; 0: at the limit */
    struct limit limit[PROC_LIMITS];
    struct interval_timer intervals[INTERVALS];
    uint32_t ntimers;

    ticks_t ticks, child_ticks;
    uint64_t faults, child_faults; /* child_*: of those that were waited for, and of theirs */
    char name[NAME_BYTES];
};

struct proc_service {
    struct process process[POOL_SLOTS];
    struct process *by_pid[PID_HASH];
    uint32_t nslots, nused;   /* slots that exist; that are not FREE */
    uint32_t nstopped;        /* processes that are stopped */
    uint32_t last_pid, next_slot;
    struct process *caller;   /* whose call is being handled, or NULL */
    uint64_t last_serial;
    struct deadline_list timers;
    struct timer timer[TIMER_POOL];
    uint32_t timer_serial;
    uint16_t queued_free;     /* 0: none */
    struct queued_signal queued[SIGNAL_POOL + 1]; /* from 1 on */
    uint64_t epoch_ns, hz;
    bool exec_mode, quiescing, ended;
    uint64_t quiesce_head;
    uint64_t boot_instret, mem_bytes;
    uint32_t args_bytes;
    uint64_t args[ARGS_BYTES / 8]; /* argument block of the first process */
};

#endif
