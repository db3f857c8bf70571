/* The file server's state and its seams. All logic under servers/fs is pure: it sees the world
 * through struct vfs_ports and through the events in this header; main.c (and the host tests) supply
 * both. Nothing here blocks: a request that cannot go on is parked and run again from the top.
 *
 *   process -> fd -> file (open file description) -> node (inode in use) | pipe | terminal | device
 *   request: a program's call, or a peer's ring entry; runs, parks, ends with one answer
 */
#ifndef FS_VFS_H
#define FS_VFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <abi/error.h>
#include <abi/types.h>
#include <lib/server/boot.h>
#include <proto/fs.h>
#include <servers/fs/device.h>
#include <servers/fs/ext2/ext2.h>
#include <servers/fs/lock.h>
#include <servers/fs/pipe.h>
#include <servers/fs/random.h>
#include <servers/fs/tty.h>

#define VFS_WAIT EXT2_WAIT /* a handler's answer: run again when the disk got on */
#define VFS_PARK 2         /* run again when what request.wait names happens */

#define VFS_NODES 1024u /* more than FSPAGE_OBJECTS: directories, FIFOs, files being opened */
#define VFS_FILES 4096u
#define VFS_REQUESTS 384u /* one call per process, two rings' credit, our own */
#define VFS_PIPES 512u
#define VFS_LOCKS 512u
#define VFS_BYTES 3072u /* payload of one call at most */
#define VFS_LARGE 48u   /* parked calls with more than REQUEST_SMALL bytes */
#define VFS_MAX_POSTS 260u /* requests that one run may post to the pager */
#define VFS_PATH 4096u  /* a path with its symbolic links expanded */
#define REQUEST_SMALL 128u
#define PAGE_BLOCKS 4u  /* file system blocks in a page at most */

/* --- what the shell performs ----------------------------------------------------------------- */

struct vfs_ports {
    void *self;
    /* Answer the call that `reply` stands for, with words and then bytes. */
    void (*answer)(void *self, uint64_t reply, int status, const uint64_t *words, uint32_t nwords,
                   const void *bytes, size_t len);
    /* Post a request to a peer: vfs_completion(cookie) tells its end. => room() was not 0. */
    void (*post)(void *self, enum server_id peer, uint32_t op, uint64_t cookie,
                 const uint64_t *words, uint32_t nwords);
    /* How many posts are taken for certain; whether some of them wait for the peer's credit. */
    uint32_t (*room)(void *self, enum server_id peer);
    bool (*has_backlog)(void *self, enum server_id peer);
    /* Complete a peer's request. */
    void (*complete)(void *self, enum server_id peer, uint64_t cookie, int status,
                     const uint64_t *words, uint32_t nwords);
    void (*ready)(void *self, int status); /* we serve, or why we cannot */
    /* Bytes to BYTES_OUT or BYTES_ERR. => how many fitted. */
    size_t (*put)(void *self, enum byte_ring ring, const void *bytes, size_t len);
    /* Bytes of BYTES_IN. => how many there were (get), are there (available). */
    size_t (*get)(void *self, void *bytes, size_t max);
    size_t (*available)(void *self);
    bool (*ended)(void *self); /* nothing more will ever come */
    void (*log)(void *self, const char *line);
};

/* --- things ---------------------------------------------------------------------------------- */

/* An inode in use: open, somebody's directory, or live in the pager. */
struct node {
    uint32_t ino, generation; /* ino 0: free */
    struct ext2_inode *ip;    /* our one reference */
    struct node *next;        /* in its hash chain, or the free list */
    uint64_t size;            /* the truth while is_live */
    uint32_t mtime;           /* of the last write that ext2 was not told */
    uint32_t atime;           /* of a read that ext2 is being told; 0 none */
    uint32_t refs;            /* files, processes' cwd, requests */
    uint32_t adds;            /* stream_add on their way: an idle that they cross is void */
    uint32_t reserved;        /* blocks set aside for dirty holes */
    uint16_t pipe;            /* FIFO: its pipe + 1; 0 none */
    bool is_live;             /* the pager has streams, mappings or pages of it */
    bool is_touched;          /* size and mtime are still to be told ext2 */
    bool is_busy;             /* a truncate is at work */
    bool is_cutting;          /* it changes the disk: the pager's requests wait */
    bool is_discarding;
    uint32_t credits;         /* pages for which blocks are set aside */
    struct lock *locks, *flocks; /* record locks; flock's */
};

enum file_kind {
    FILE_FREE, FILE_REGULAR, FILE_DIRECTORY, FILE_PIPE, FILE_TTY, FILE_NULL, FILE_ZERO, FILE_FULL,
    FILE_RANDOM,
    FILE_INPUT, FILE_OUTPUT, FILE_ERROR /* exec mode: the host's stdin, stdout, stderr */
};

/* An open file description, shared by descriptors after dup and fork. */
struct file {
    uint8_t kind;        /* enum file_kind */
    uint16_t pipe;       /* FILE_PIPE: index */
    uint32_t flags;      /* enum fs_open_flag: READ WRITE APPEND NONBLOCK SYNC */
    uint32_t refs;       /* descriptors; 0: free */
    uint32_t generation; /* counts uses of this entry: half of the stream's id */
    uint32_t seen;       /* PIPE opened for reading: pipe.writer_opens when no writer was there yet */
    int status;          /* REGULAR: why the pager refused the stream, or 0 */
    uint64_t offset;     /* DIRECTORY: what lseek made it */
    struct node *node;   /* REGULAR, DIRECTORY, FIFO; else NULL */
    struct file *next;   /* free: the next one */
};

struct process {
    badge_t badge; /* 0: free */
    uint64_t pid, pgid, sid;
    uint32_t umask;
    uint32_t fd_limit; /* descriptors that it may have */
    uint32_t fd_end; /* no descriptor from here on was ever open */
    uint16_t holds;  /* pipe + 1 in which a part of its write is held; 0: none */
    struct node *cwd;
    uint64_t cloexec[FS_MAX_FDS / 64];
    uint16_t fd[FS_MAX_FDS]; /* file index + 1; 0: closed */
};

/* --- requests -------------------------------------------------------------------------------- */

enum source { SOURCE_CALL, SOURCE_PAGER, SOURCE_PROC, SOURCE_INIT, SOURCE_OWN };

enum request_state {
    REQUEST_FREE,
    REQUEST_RUNS,
    REQUEST_DISK,  /* its last run came to VFS_WAIT */
    REQUEST_EVENT, /* waits for what `wait` says */
    REQUEST_READY, /* that happened */
    REQUEST_HELD,  /* over, but its answer must not overtake its posts */
};

enum wait_kind {
    WAIT_NONE, WAIT_PIPE, WAIT_TTY, WAIT_INPUT, WAIT_OUTPUT, WAIT_LOCK, WAIT_POLL, WAIT_PEER,
    WAIT_NODE, WAIT_BACKGROUND, WAIT_ROOM, WAIT_SCRATCH, WAIT_SQUEEZE, WAIT_PROCESS,
};

/* A page on its way to or from the disk. */
struct page_io {
    uint64_t block[PAGE_BLOCKS]; /* 0: a hole */
    bool is_new[PAGE_BLOCKS];
    uint8_t nblocks, next;
    uint32_t used;               /* blocks of the reservation that went into indirect blocks */
};

struct request {
    struct request *next, *prev; /* parked or free */
    uint8_t source, state, wait; /* enum source, request_state, wait_kind */
    bool is_squeezed;            /* was run again after room was made on a full disk */
    bool is_interrupted;         /* a signal came while it waited */
    uint16_t op;
    uint32_t wait_id;
    badge_t badge;
    uint64_t cookie;             /* reply object, or the ring entry's cookie */
    uint64_t arg[8], rep[4];
    uint8_t *bytes;              /* the request's */
    uint32_t nbytes, nout;       /* nout: bytes in `out` that belong to the answer */
    int16_t large;               /* its buffer in vfs.large, or -1 */
    uint8_t *out;                /* where the run puts the answer's bytes: VFS_BYTES */
    bool has_posted;             /* to the pager: what it must see before the answer is */
    int status;                  /* of the peers' completions, or the answer held */
    /* Progress across runs. */
    uint32_t phase, inflight, made, done;
    uint64_t value;
    struct node *node;           /* a reference */
    struct ext2_ticket ticket;
    struct page_io io;
    uint8_t small[REQUEST_SMALL];
};

struct vfs {
    struct vfs_ports ports;
    /* Set by the shell before each event. */
    uint64_t now_ns; /* since 1970: epoch_ns and what has gone by */
    uint64_t ticks;  /* `time` */
    /* Set once. */
    bool is_exec;    /* plain stdin, stdout, stderr; no terminal */
    uint64_t hz;     /* of `ticks` */
    uint64_t epoch_ns; /* since 1970 when `ticks` was 0; changes when the clock is set */
    uint8_t *heap;   /* page 0 of BLK_MEM_FS */
    size_t heap_bytes; /* of the disk's cache: the other half of the heap is the pipes' */
    uint8_t *scratch;/* last page of the heap */
    /* The disk. */
    struct ext2_fs *fs;
    bool is_mounted, is_quiesced, disk_moved, scratch_taken;
    bool work_due;    /* something changed since ext2_work last had nothing to do */
    uint32_t disk_ios;   /* ext2's pieces of work that blk has */
    uint32_t quiet_tries;/* waiters run again since ext2 last had work for the disk */
    uint64_t tick_due; /* `ticks` at which metadata are looked after */
    uint32_t dev_ino; /* directory /dev, 0 if there is none */
    uint32_t ntouched;/* nodes with is_touched */
    /* Tables. */
    struct node nodes[VFS_NODES], *node_free, *node_hash[256];
    struct file files[VFS_FILES], *file_free;
    struct process processes[POOL_SLOTS];
    struct pipe_pool pipe_pool;
    struct pipe pipes[VFS_PIPES];
    struct lock_pool locks;
    struct lock lock_entries[VFS_LOCKS];
    struct tty tty;
    struct device_attr device_attr[DEVICE_COUNT];
    struct random_pool random;
    /* Requests. */
    struct request requests[VFS_REQUESTS], *request_free, *parked_first, *parked_last;
    struct request *squeeze;
    int16_t large_free[VFS_LARGE];
    uint32_t nlarge;
    uint8_t large[VFS_LARGE][VFS_BYTES];
    uint8_t out[2][VFS_BYTES]; /* answers' bytes: of the call at hand, of one that ran again */
    char path[VFS_PATH], link[VFS_PATH];
};

/* --- events ---------------------------------------------------------------------------------- */

/* Lay out an empty server. `heap` is page aligned and zero, and half of it becomes the pipes';
 * ports and is_exec are set after. */
void vfs_init(struct vfs *v, uint8_t *heap, size_t heap_bytes);

/* Ask for the disk and mount it; posts `ready` to init when that is over, however it ended. */
void vfs_start(struct vfs *v);

/* A program's call. It is answered through the ports, now or later. */
void vfs_call(struct vfs *v, badge_t badge, uint64_t reply, uint32_t op, const uint64_t *words,
              uint32_t nwords, const uint8_t *bytes, size_t nbytes);

/* A peer's request: of the pager or proc, with 7 words, or init's quiesce. */
void vfs_request(struct vfs *v, enum server_id peer, uint32_t op, uint64_t cookie,
                 const uint64_t *words);
void vfs_quiesce(struct vfs *v, uint64_t cookie);

/* The completion of what was posted with `cookie`; words of the reply if status is 0. */
void vfs_completion(struct vfs *v, uint64_t cookie, int status, const uint64_t *words);

/* The console moved bytes. */
void vfs_console(struct vfs *v);

/* Time has passed: timeouts, and every few seconds the metadata. */
void vfs_tick(struct vfs *v);

/* => the `time` at which vfs_tick should be called at the latest; ~0: nothing is due ever. */
uint64_t vfs_deadline(const struct vfs *v);

/* Run what can run. To be called after a batch of events. */
void vfs_pump(struct vfs *v);

#endif
