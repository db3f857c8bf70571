/* Everything the pager knows, in plain arrays carved once from its heap (carve.c). Entries name each
 * other by index; NONE means nobody. All logic files take a `struct pager *` and touch the world
 * only through kern.h.
 *
 * Who refers to whom:
 *   aspace -> VMAs (treap by address)        which accesses are legal, and what backs them
 *   aspace -> soft page table -> words       what a page is now: nothing, anon, zero frame, file frame
 *   anon   -> frame or swap slot             one private page; shared by `refs` words after fork
 *   object -> frames (list, hash)            pages of a file in memory
 *   frame  -> anon or (object, index)        and from there to every word that maps it (rmap.c)
 */
#ifndef PAGER_PAGER_H
#define PAGER_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <abi/error.h>
#include <abi/item.h>
#include <abi/layout.h>
#include <lib/server/boot.h>
#include <proto/pager.h>

#define NONE UINT32_MAX
#define AS_NONE UINT16_MAX /* no address space, in 16 bits */
#define NODE_WORDS 64u
#define MSG_BATCH 16u    /* items in one kernel entry */
#define STALE_SLOTS 32u
#define FDS 256u         /* descriptors of a process */
#define TRACE_FAULTS 64u /* faults kept of a process, */
#define TRACES 24u       /* and of so many processes */

/* A frame's life:
 *
 *   FREE -> CLEARING -> CLEARED          (the clearing thread)
 *   FREE | CLEARED -> ANON | FILE | TABLE | MESSAGE -> FREE
 *   FIXED                                 (loader, zero frame: for ever)
 */
enum frame_state {
    FRAME_FREE,
    FRAME_ANON,
    FRAME_FILE,
    FRAME_TABLE,
    FRAME_MESSAGE,
    FRAME_FIXED,
};

enum frame_flag {
    FRAME_DIRTY = 1,     /* file: differs from the disk */
    FRAME_READING = 2,   /* fill or swap-in in flight */
    FRAME_WRITING = 4,   /* write or swap-out in flight */
    FRAME_CREDIT = 8,    /* blocks are being reserved */
    FRAME_FRESH = 16,    /* mapped by a fault, or brought in for one, not harvested since: no victim */
    FRAME_REF = 32,      /* used since the last pass of the fallback clock */
    FRAME_UPTODATE = 64, /* file: contents valid */
    FRAME_BLOCKS = 128,  /* file: its page has blocks on disk, or reserved */
    FRAME_RESERVED = 256,/* file: blocks reserved, not yet written */
    FRAME_EVICT = 512,   /* free it when the write is complete and nothing used it meanwhile */
    FRAME_STORED = 1024, /* file: was mapped writable: bytes beyond the end may be anything */
    FRAME_LISTED = 2048, /* known to the policy */
};
#define FRAME_IO (FRAME_READING | FRAME_WRITING | FRAME_CREDIT)

struct frame {
    uint8_t state;       /* enum frame_state */
    uint8_t unused;
    uint16_t flags;      /* enum frame_flag */
    uint32_t nmap;       /* PTEs that name it */
    uint32_t owner;      /* ANON: anon (NONE: orphan, freed when its I/O ends); FILE: object; TABLE: aspace */
    uint32_t index;      /* FILE: page of the file */
    uint32_t slot;       /* ANON: swap slot with the same bytes, or NONE */
    uint32_t waiters;    /* first aspace parked on its I/O */
    uint32_t next, prev; /* FREE: list; TABLE: of its aspace; FILE: of its object */
    uint32_t hash_next;  /* FILE */
    uint32_t dnext, dprev; /* FILE and DIRTY: the object's dirty list, oldest first */
    uint32_t stamp;      /* DIRTY: pager.stamp when it became dirty */
    uint64_t dirtied;    /* DIRTY: time when it became dirty */
};

#define ANON_SLOT (1u << 31)        /* `where` is a swap slot */
#define ANON_EMPTY (NONE - 1)       /* shared and untouched: reads as zeros */
struct anon {
    uint32_t where;  /* frame, ANON_SLOT | slot, or ANON_EMPTY; free: next free one */
    uint32_t vpage;  /* virtual page, the same in every sharer */
    uint16_t refs;   /* words that name it; 0: free */
    uint16_t family; /* sharers are among this family's address spaces */
    uint16_t hint;   /* aspace that mapped it last */
    uint16_t unused;
};

/* Words of soft page tables: kind, mapped, writable, anon or frame. 0: nothing there. */
#define WORD_ANON (1u << 30)
#define WORD_ZERO (2u << 30)
#define WORD_FILE (3u << 30) /* file page, loader or message page: `id` is a frame, always mapped */
#define WORD_KIND (3u << 30)
#define WORD_MAPPED (1u << 29)
#define WORD_WRITE (1u << 28)
#define WORD_ID 0x0fffffffu

struct node {
    uint32_t word[NODE_WORDS];
};

/* What a node needs besides, as a leaf of a soft page table. */
struct node_link {
    uint32_t key;         /* address / LEAF_BYTES */
    uint32_t left, right; /* treap */
    uint32_t used;        /* words that are not 0 */
};

struct vma {
    uint64_t start, end;  /* page aligned */
    uint64_t first;       /* file page at `start` */
    uint32_t object;      /* NONE: anonymous */
    uint32_t left, right; /* treap; free: left = next free */
    uint32_t onext, oprev;/* VMAs of the object */
    uint32_t rank;        /* treap priority */
    uint16_t as;
    uint8_t prot, maxprot;/* PAGER_PROT_* */
    uint8_t shared;       /* MAP_SHARED */
    uint8_t kind;         /* enum pager_vma_kind */
    uint8_t advice;
};

enum object_flag {
    OBJECT_UNLINKED = 1,   /* no name, no description: its pages go when the last mapping does */
    OBJECT_SHRINKING = 2,  /* a truncate waits or works: no new request starts */
    OBJECT_UNREAD = 8,     /* written since fs was last told of a read */
    OBJECT_DISCARDED = 4,  /* fs was told that nothing is left: no idle follows */
};

struct object {
    uint64_t number, epoch; /* fs's names; number 0: free */
    uint64_t size;          /* bytes; the truth while live */
    uint32_t pages, npages; /* frames */
    uint32_t dirty_head, dirty_tail, ndirty;
    uint32_t io;            /* frames with I/O in flight */
    uint32_t writes;        /* those of them that are being written */
    uint32_t vmas, nstreams;
    uint32_t hash_next;     /* free: next free */
    uint32_t active;        /* aspace whose request works on it, NONE, or OBJECT_JOB */
    uint32_t queue_head, queue_tail; /* aspaces that wait for their turn */
    uint32_t errors;        /* failed writes so far */
    uint32_t flags;
    uint32_t last_read;     /* last page read by a stream: sequential reads run ahead */
    uint64_t told;          /* time when fs was told of a store, 0: not since a write-back */
};
#define OBJECT_JOB (NONE - 1)

struct stream {
    uint64_t id;        /* fs's */
    uint64_t offset;
    uint32_t object, refs, flags; /* enum stream_flag */
    uint32_t errors;    /* object.errors when last told */
    uint32_t hash_next; /* free: next free */
};

enum pending_kind { PENDING_NONE, PENDING_FAULT, PENDING_RW, PENDING_SYNC };
enum wait_kind { WAIT_NONE, WAIT_FRAME, WAIT_MEMORY, WAIT_OBJECT, WAIT_RUN, WAIT_DEATH };

struct fault {
    uint64_t stval, sepc, scause, pte;
    uint32_t label; /* enum fault_label */
};

/* A read or write in progress. */
struct transfer {
    uint64_t addr, len, moved, offset;
    uint32_t stream; /* index; a reference is held */
    bool is_write, is_positional, is_owner;
};

enum aspace_state { AS_FREE, AS_LIVE, AS_BUILDING, AS_DYING };

struct aspace {
    uint64_t badge;
    uint8_t state, pending, waiting; /* enum aspace_state, pending_kind, wait_kind */
    bool is_first;           /* made by `create`, not by `clone` */
    uint16_t family, fnext, fprev;
    uint32_t slot;           /* its own index */
    uint32_t vmas, last_vma; /* treap root; last hit */
    uint32_t nvmas;
    uint32_t leaves;         /* soft page table: treap root */
    uint32_t cache_node;     /* leaf that was found last, NONE */
    uint64_t cache_key;      /* its key */
    uint64_t heap_start, brk, mmap_hint;
    uint64_t limits[PAGER_LIMIT_COUNT]; /* bytes; ~0: none */
    uint32_t fds[FDS / NODE_WORDS]; /* nodes with stream index + 1 per descriptor, NONE */
    uint32_t tables;         /* frames that are its page tables, NONE */
    uint32_t ntables, message;
    uint32_t nanon, nfile;   /* words of that kind */
    uint64_t virtual_pages;
    uint64_t swap_next;      /* page behind the last one brought in from swap */
    uint64_t signals;        /* faults delivered by upcall */
    uint64_t careful, careful_end; /* bad accesses from here go on at `careful` */
    uint32_t trace, ntrace;  /* trace buffer, NONE; how many faults were written to it */
    uint32_t wait_frame, wait_next; /* list it waits in */
    uint8_t io_action;       /* what the fault waited for counts as this (0: did not wait) */
    uint8_t why;             /* enum death of the last bad access */
    bool is_ending;          /* proc was told to end it */
    int wait_status;         /* how the I/O that it waited for ended */
    uint32_t reply;          /* parked reply object */
    union {
        struct fault fault;
        struct transfer rw;
        struct { uint64_t next, end; } sync; /* msync: what is left */
    };
    uint64_t faults, actions[PAGER_ACTION_COUNT];
    uint64_t cursor;         /* clone, destroy: va to go on from */
};

enum job_kind {
    JOB_NONE,
    JOB_CREATE,   /* a = badge */
    JOB_CLONE,    /* a = parent's badge, b = child's */
    JOB_DESTROY,  /* a = badge */
    JOB_TRUNCATE, /* object, a = size */
    JOB_DISCARD,  /* object */
    JOB_FLUSH,    /* object, or NONE: all */
    JOB_QUIESCE,
    JOB_SYNC,     /* a = badge of a process in fsync or msync; object; stream or NONE */
};

/* Work that takes more than one step: a peer's request, or a sync of a process. */
struct job {
    uint8_t kind, peer, phase;
    uint64_t head;       /* of the peer's request */
    uint64_t a, b;
    uint32_t object, stream, stamp, errors;
    int status;
};

#define JOBS (3 * 28 + POOL_SLOTS) /* what peers may have asked, and a sync for each process */

struct list {
    uint32_t head, tail;
};

/* Frames on their way through the clearing thread. Counters only grow; slot = counter modulo. */
#define CLEAR_RING 256u
struct clear_ring {
    uint32_t head, tail;
    uint32_t frame[CLEAR_RING];
};

enum work { WORK_RECLAIM = 1, WORK_SCAN = 2, WORK_JOBS = 4, WORK_REFILL = 8, WORK_WRITE = 16 };

struct policy_ops;

struct pager {
    /* Frames. */
    struct frame *frames;
    uint32_t nframes;
    uint32_t free_list, nfree; /* nfree counts the two rings too */
    uint32_t zero_frame, loader_frame, loader_pages, taken_zeroed;
    struct clear_ring *to_clear, *cleared;
    uint32_t reserve, low, high; /* watermarks, frames */
    uint32_t *page_hash, page_hash_mask;
    /* Pools. */
    struct anon *anons;
    uint32_t nanons, anon_free, anon_used;
    uint32_t slots_due; /* dead anons whose swap slots are still to be freed; linked by vpage */
    struct {
        uint32_t slot, key;
    } stale[STALE_SLOTS]; /* slots of living anons whose copy is stale: freed with the next swap I/O */
    uint32_t nstale;
    struct node *nodes;
    struct node_link *node_link;
    uint32_t nnodes, node_free, node_taken;
    struct pager_fault (*traces)[TRACE_FAULTS];
    uint16_t trace_owner[TRACES]; /* aspace, AS_NONE */
    uint32_t trace_hand;
    struct vma *vmas;
    uint32_t nvmas, vma_free, vma_used;
    struct object *objects;
    uint32_t nobjects, object_free, object_used, *object_hash, object_hash_mask;
    struct stream *streams;
    uint32_t nstreams, stream_free, stream_used, *stream_hash, stream_hash_mask;
    struct aspace *aspaces; /* POOL_SLOTS */
    uint32_t naspaces;
    uint16_t family_head[POOL_SLOTS];
    struct job job[JOBS];
    /* Replacement. */
    const struct policy_ops *policy;
    void *policy_self, *policy_memory[2];
    uint32_t *policy_order; /* nframes, for hand-over */
    uint32_t fallback_hand;
    uint32_t evictions;    /* writes in flight for reclaim */
    uint32_t scan_as;      /* where the scan of A bits goes on */
    uint64_t scan_va, scan_due;
    uint64_t swap_total, swap_used;
    uint32_t swap_reading, swap_errors;
    uint32_t stuck_rounds; /* sampling rounds in which nothing could be given up */
    bool swap_full;
    bool evicting;         /* the policy's remove is an eviction */
    /* Waiting. */
    struct list run, memory;
    struct aspace *last_fault; /* whose bad access was answered by an upcall last */
    uint64_t oom_victim;   /* badge of the process that is being ended, 0 */
    uint32_t work;         /* enum work */
    uint32_t write_errors; /* file pages that could not be written */
    bool jobs_wait;        /* a job waits for memory */
    uint32_t njobs;
    /* Parameters and clocks. */
    uint64_t hz, now, write_due;
    uint64_t scan_ms, write_ms, read_ahead, trace;
    uint32_t stamp;
    uint32_t file_io, dirty_files; /* frames with file I/O in flight; dirty file frames */
    uint32_t ntables, nmessages, nanon_frames, nfile_frames;
    bool quiesced;
    struct pager_stats stats; /* counters only; levels are computed when asked */
    uint64_t item_errors;
};

/* Items collected for one kernel entry. `vspace` 0: the faulter's. */
struct batch {
    struct item *item;
    uint32_t n;
    uint32_t vspace;
};

enum outcome {
    OUTCOME_DONE,   /* carried out; items, if any, are in the batch */
    OUTCOME_PARKED, /* the aspace waits; it is run again from the top */
    OUTCOME_FAILED, /* cannot be; status or reason given aside */
};

static inline uint32_t vspace_slot(const struct aspace *as)
{
    return SLOT_POOL_VSPACE + as->slot;
}

#endif
