/* The seam between the pager's logic and the world. On the target target.c implements it with system
 * calls and rings; host tests implement it over arrays that check every item for misuse. None of
 * these waits. */
#ifndef PAGER_KERN_H
#define PAGER_KERN_H

#include <abi/fault.h>
#include <abi/item.h>
#include <lib/server/boot.h>

/* Perform items in order, results in place. => 0, or the error of item *failed; those before it are
 * done. Never legal for the logic to provoke an error but ERR_GONE. */
int kern_items(struct item *items, uint32_t n, uint32_t *failed);

/* Empty VSpace `slot` of the pool: all mappings and tables go, root too. */
void kern_vspace_clear(uint32_t slot);

/* Message page of the thread in pool slot `slot`; frame NONE: none. */
int kern_message_page(uint32_t slot, uint32_t frame);

/* Ticks of the `time` CSR. */
uint64_t kern_time(void);

/* Wake the clearing thread. */
void kern_wake_clearer(void);

/* A request to a peer; its completion comes back with `cookie`. Queued if the peer is behind. */
void kern_post(enum server_id peer, uint32_t op, uint64_t cookie, const uint64_t *words);

/* Requests that can be posted to a peer now without queueing. */
uint32_t kern_room(enum server_id peer);

/* Complete a peer's request, which `head` names. */
void kern_complete(enum server_id peer, uint64_t head, int status);

/* Answer a parked call with `n` words; a parked fault with words 0..3 (=> ERR_BUSY: the upcall cannot be
 * delivered; the thread was kept stopped instead). The reply object is free
 * afterwards, whether its caller still waited or not. */
void kern_answer_call(uint32_t reply, int status, const uint64_t *words, uint32_t n);
int kern_answer_fault(uint32_t reply, enum fault_answer answer, const uint64_t *words);

/* A line for the log (no newline needed). */
void kern_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
