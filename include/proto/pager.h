/* Calls of programs to the pager: memory, regular files, figures. */
#ifndef PROTO_PAGER_H
#define PROTO_PAGER_H

#define PROTO_NAME pager
#define PROTO_FILE <proto/pager.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

enum pager_map {
    PAGER_PROT_READ = 1,
    PAGER_PROT_WRITE = 2,
    PAGER_PROT_EXEC = 4,
    PAGER_MAP_SHARED = 1,
    PAGER_MAP_PRIVATE = 2,
    PAGER_MAP_FIXED = 16,
    PAGER_MAP_ANONYMOUS = 32,
};

enum pager_param {
    PAGER_SCAN_MS = 1,    /* period of clearing A bits, ms; 100 at first */
    PAGER_WRITE_MS = 2,   /* age at which dirty file pages are written, ms; 5000 at first */
    PAGER_READAHEAD = 3,  /* pages read around a file fault at most */
    PAGER_TRACE = 4,      /* 1: keep recent faults of every process (pager_faults) */
};

enum pager_limit {
    PAGER_LIMIT_FILE = 0,  /* the end of a file that is written: ERR_FBIG */
    PAGER_LIMIT_HEAP = 1,  /* brk: ERR_NOMEM */
    PAGER_LIMIT_SPACE = 2, /* all areas together, by brk and mmap: ERR_NOMEM */
    PAGER_LIMIT_COUNT
};

/* Actions, as counted and as shown in the trace of faults. */
#define PAGER_ACTIONS(X)                                                                           \
    X(zero_fill, "zero-filled frame")          /* first store to untouched anonymous memory */     \
    X(zero_share, "shared zero frame")         /* first load of untouched anonymous memory */      \
    X(zero_upgrade, "own frame for zero frame")                                                    \
    X(cow_copy, "copied page")                                                                     \
    X(cow_sole, "last holder, no copy")                                                            \
    X(file_map, "page of file, in memory")                                                         \
    X(file_fill, "page of file, from disk")                                                        \
    X(file_copy, "private copy of file page")                                                      \
    X(file_dirty, "first write to shared file page")                                               \
    X(swap_in, "page from swap")                                                                   \
    X(stack_grow, "stack grown")                                                                   \
    X(spurious, "already mapped")                                                                  \
    X(bad_access, "bad access")

enum pager_action {
#define X(name, text) PAGER_ACTION_##name,
    PAGER_ACTIONS(X)
#undef X
    PAGER_ACTION_COUNT
};

struct pager_stats {
    uint64_t frames_total, frames_free, frames_cleared; /* RAM of the pager, pages */
    uint64_t frames_anon, frames_file, frames_dirty_file, frames_table, frames_message;
    uint64_t swap_total, swap_free;                     /* slots of one page */
    uint64_t faults, actions[PAGER_ACTION_COUNT];
    uint64_t evicted_clean, evicted_swap, evicted_file; /* pages given up: dropped, to swap, to file */
    uint64_t swap_writes, swap_reads, file_writes, file_reads;
    uint64_t forks, oom_kills, address_spaces, policy_switches, vmas, objects, streams;
    uint64_t reads, writes, parked;
};

struct pager_proc_stats {
    uint64_t faults, actions[PAGER_ACTION_COUNT];
    uint64_t resident, shared, swapped, tables, virtual_pages;
};

struct pager_vma {
    uint64_t start, end, prot_flags, offset; /* prot | MAP flags << 8 | enum pager_vma_kind << 16 */
    uint64_t object, resident, dirty, swapped;
};

enum pager_vma_kind { VMA_ANON = 0, VMA_HEAP, VMA_STACK, VMA_FILE, VMA_LOADER, VMA_MESSAGE };

struct pager_fault {
    uint64_t stval, sepc, scause, action;
};

#endif
