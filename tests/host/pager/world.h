/* A machine around the pager, small enough to be checked after every step: frames with contents, page
 * tables that refuse what the kernel would refuse, programs that access memory and call, a file system
 * and a swap disk whose requests complete when the test says so, in any order.
 *
 * There is one world at a time, since kern.h is implemented by functions. */
#ifndef TEST_PAGER_WORLD_H
#define TEST_PAGER_WORLD_H

#include <servers/pager/service.h>
#include <lib/server/call.h>

#define WORLD_FILES 4u
#define WORLD_FILE_PAGES 96u
#define WORLD_SLOTS 16u /* address spaces used */

struct world_file {
    uint8_t disk[WORLD_FILE_PAGES * PAGE_SIZE];
    bool has_blocks[WORLD_FILE_PAGES], has_credit[WORLD_FILE_PAGES];
    uint64_t size; /* as the pager told last */
    uint32_t idles, syncs, accesses, tells;
};

/* A request of the pager that was not completed yet. */
struct world_io {
    enum server_id peer;
    uint32_t op;
    uint64_t cookie, word[7];
};

enum world_state { WORLD_RUNNING, WORLD_FAULTED, WORLD_CALLING, WORLD_STOPPED };

struct world_thread {
    enum world_state state;
    int status;      /* of the last answered call */
    uint64_t word;   /* its first reply word */
    uint64_t upcall[4];
    bool in_upcall;
    uint64_t resumed; /* where a bad access went on, 0 */
};

struct world_config {
    uint32_t frames, swap_slots;
    const char *policy;
};

struct world {
    struct pager_service service;
    struct world_file file[WORLD_FILES];
    struct world_thread thread[POOL_SLOTS];
    struct world_io io[2048];
    uint32_t nio;
    uint64_t now;
    uint32_t completed;   /* requests of peers completed by the pager */
    int last_completion;
    uint32_t deaths;
    uint64_t death[6];    /* words of the last one */
    uint32_t fail_io;     /* n: the n-th I/O from now on fails; 0: none */
    int fail_status;
    bool disk_full;       /* credits are refused, swap is full */
    uint32_t items, misuses;
    uint32_t straight; /* faults: most take the straight path if they can, some never */
};

extern struct world world;

void world_start(const struct world_config *config);
void world_stop(void);

static inline struct pager *world_pager(void)
{
    return &world.service.pager;
}

/* --- proc --------------------------------------------------------------------------------------- */

#define WORLD_BADGE(serial, slot) PROC_BADGE(serial, slot)

/* Requests of proc and fs; run until the pager completed them. => status. */
int world_create(uint64_t badge);
int world_clone(uint64_t parent, uint64_t child);
int world_exec(uint64_t badge, uint64_t args, uint64_t bytes);
int world_destroy(uint64_t badge);
int world_open(uint64_t badge, uint32_t fd, uint64_t stream, uint32_t file, uint32_t flags);
int world_close(uint64_t badge, uint32_t fd);
int world_truncate(uint32_t file, uint64_t size);
int world_discard(uint32_t file);
int world_flush(uint32_t file); /* ~0: all */
int world_quiesce(void);

/* --- programs ------------------------------------------------------------------------------------- */

/* One access of 8 bytes; a missing page faults and is retried until it is there. => true: done;
 * false: the thread was stopped (or got an upcall). */
bool world_load(uint64_t badge, uint64_t va, uint64_t *value);
bool world_store(uint64_t badge, uint64_t va, uint64_t value);

/* Begin an access without waiting for it. => true: it can be done now (nothing is done). */
bool world_try(uint64_t badge, uint64_t va, bool is_write);

/* One call of pager.def; waits. Bytes that came back are in world_bytes. */
int world_call(uint64_t badge, uint32_t op, const uint64_t *words, uint64_t *rep);
int world_call_bytes(uint64_t badge, uint32_t op, const uint64_t *words, const void *bytes,
                     uint32_t nbytes);
/* The same without waiting. => PARKED or the status. */
int world_call_begin(uint64_t badge, uint32_t op, const uint64_t *words, uint64_t *rep);
extern uint64_t world_bytes[MSG_WORDS];

/* Raw contents of memory as the hardware sees it. => NULL: not mapped. */
uint8_t *world_peek(uint64_t badge, uint64_t va);

/* --- time and I/O ----------------------------------------------------------------------------------- */

/* Work, then complete I/O, then let time pass, until the thread runs (or is stopped). */
void world_wait(uint64_t badge);
/* All work that can be done without I/O or time. */
void world_work(void);
/* Things happen until *count is `value`. */
void world_until(const uint32_t *count, uint32_t value);
/* Complete request i. */
void world_complete_io(uint32_t i);
/* Until nothing is in flight. */
void world_settle(void);
/* Let `ms` pass; timers fire. */
void world_pass_ms(uint32_t ms);
uint32_t world_random(void);
void world_seed(uint32_t seed);

/* Check every invariant between the pager's books and the fake kernel's. */
void world_check(void);

#endif
