/* A kernel, a pager and an fs for proc's logic: threads with a state, posted requests that the test
 * answers when and how it likes, answers of calls as the thread would see them. */
#ifndef TEST_FAKE_KERN_H
#define TEST_FAKE_KERN_H

#include <servers/proc/calls.h>
#include <servers/proc/kern.h>
#include <servers/proc/life.h>
#include <servers/proc/signal.h>
#include <servers/proc/table.h>

enum thread { THREAD_NONE, THREAD_USER, THREAD_CALLING, THREAD_STOPPED };

struct fake_thread {
    enum thread state;
    bool prepared, upcall_pending, in_files; /* in_files: its call is one to fs */
    int answer;            /* status of the last call, if it was answered */
    uint64_t word[4];
    unsigned upcalls, last_signal;
    uint64_t last_mask, last_from, last_value;
    int last_code;
};

struct fake_post {
    enum kern_peer peer;
    uint32_t op;
    uint64_t req[7];
    struct process *p;
};

#define FAKE_POSTS 4096
struct fake {
    struct proc_service *s;
    struct fake_thread thread[POOL_SLOTS];
    struct fake_post post[FAKE_POSTS]; /* not yet answered, in order */
    unsigned nposts;
    int fail_prepare;
    uint64_t now, shutdown_status, quiesced_head;
    unsigned shutdowns, quiesced, says;
    uint64_t payload[MSG_WORDS];
};
extern struct fake fake;

/* A new proc with `nslots` processes at most, nothing running. */
void fake_start(struct proc_service *s, uint32_t nslots);

/* The thread of p makes a call. => what the dispatcher returned. */
int fake_call(struct process *p, uint32_t op, const uint64_t *words, unsigned nwords);

/* Answer post number i with a status. */
void fake_complete(unsigned i, int status);

/* Answer all that is posted, and what that causes, successfully. */
void fake_settle(void);

struct fake_thread *fake_thread(const struct process *p);

#endif
