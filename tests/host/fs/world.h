/* A world around the file server's logic: a disk image in memory behind a block server that answers
 * late, in any order, and fails when told to; a pager that keeps pages of files; a proc that counts
 * signals; a console of two strings. Every answer the server gives is kept until it is asked for. */
#ifndef WORLD_H
#define WORLD_H

#include <servers/fs/handlers.h>

#define WORLD_FRAMES 64u
#define WORLD_OBJECTS 1024u
#define WORLD_IO 512u
#define WORLD_POSTS 1024u
#define WORLD_HEAP (2048u * 1024u)
#define WORLD_TEXT 65536u
#define WORLD_PARKED 2 /* world_call: no answer yet */

struct world_io {
    uint64_t op, cookie, word[6];
};

struct world_post {
    enum server_id peer;
    uint32_t op;
    uint64_t cookie, word[7];
};

struct world_answer {
    bool is_there;
    int status;
    uint64_t word[8];
    uint8_t bytes[VFS_BYTES];
    size_t nbytes;
};

struct world_object { /* of the pager */
    uint64_t ino, generation, size;
    bool is_live;
    uint32_t streams;
};

struct world {
    struct vfs v;
    /* The disk. */
    uint8_t *image;
    size_t image_bytes;
    struct world_io io[WORLD_IO];
    uint32_t nio;
    uint64_t ios, fail_at; /* I/Os so far; the one that fails, 0: none */
    bool fails_on;         /* from fail_at on all fail */
    bool is_held;          /* I/O waits until let go */
    bool read_only;
    uint32_t random;       /* 0: in order */
    /* The pager. */
    struct world_post post[WORLD_POSTS];
    uint32_t nposts;
    bool pager_is_held, discard_is_busy;
    struct world_object object[WORLD_OBJECTS];
    uint8_t frame[WORLD_FRAMES][PAGE_SIZE];
    uint64_t adds, drops, discards;
    /* proc, init, console. */
    uint64_t last_signal, last_pgid, last_badge, nsignals;
    uint64_t background, nbackground; /* signal that fs asked about last, and how often */
    uint64_t held;                    /* what it is told */
    int background_status;
    bool is_ready;
    int ready_status;
    char in[WORLD_TEXT], out[WORLD_TEXT], log[WORLD_TEXT];
    size_t in_len, in_at, out_len, err_len, out_room;
    bool in_ended;
    uint64_t cookie; /* of the last ring request */
    struct world_answer answer[512], ring_answer;
    int quiesce_status;
    bool is_quiesced;
};

/* A world with the image that `mke2fs OPTIONS` makes from folder `tree` (NULL: empty). */
struct world *world_new(const char *options, const char *tree, size_t bytes);
struct world *world_without_disk(void);
void world_free(struct world *w);

/* Mount (is_exec chosen before by setting v.is_exec). => the status told to init. */
int world_start(struct world *w);

/* Let everything happen until nothing moves. */
void world_run(struct world *w);

/* A ring request of proc or of the pager, run to its end. => its status; words in w->ring_answer. */
int world_request(struct world *w, enum server_id peer, uint32_t op, const uint64_t *words,
                  uint32_t nwords);
/* The same, only begun. */
void world_request_begin(struct world *w, enum server_id peer, uint32_t op, const uint64_t *words,
                         uint32_t nwords);

#define BADGE(slot) PROC_BADGE(7, slot)
int world_create(struct world *w, uint32_t slot, uint64_t pid);
int world_clone(struct world *w, uint32_t parent, uint32_t child, uint64_t pid);
int world_destroy(struct world *w, uint32_t slot);

/* A call of the process in `slot`; its answer is w->answer[slot]. => status, or WORLD_PARKED. */
int world_call(struct world *w, uint32_t slot, uint32_t op, const uint64_t *words, uint32_t nwords,
               const void *bytes, size_t len);
/* The same, without letting time pass. */
int world_call_begin(struct world *w, uint32_t slot, uint32_t op, const uint64_t *words,
                     uint32_t nwords, const void *bytes, size_t len);
int world_status(struct world *w, uint32_t slot);

/* Shorthands; descriptors and lengths come back as they are, errors negative. */
long w_open(struct world *w, uint32_t slot, const char *path, uint64_t flags, uint64_t mode);
int w_close(struct world *w, uint32_t slot, uint64_t fd);
long w_read(struct world *w, uint32_t slot, uint64_t fd, uint64_t max);
long w_write(struct world *w, uint32_t slot, uint64_t fd, const void *bytes, size_t len);
int w_path(struct world *w, uint32_t slot, uint32_t op, const char *path, uint64_t arg);
int w_two(struct world *w, uint32_t slot, uint32_t op, const char *from, const char *to);
int w_stat(struct world *w, uint32_t slot, const char *path, struct fs_stat *out);
int w_symlink(struct world *w, uint32_t slot, const char *target, const char *path);

void w_pipe(struct world *w, uint32_t slot, uint64_t *reader, uint64_t *writer);

/* For cmocka: a world with a small empty disk and process 1 in slot 0; its end, with everything given
 * back and the disk sound. */
int world_set_up(void **state);
int world_tear_down(void **state);

/* The pager's side of a file: one page's bytes from and to it. `ino` as open or stat told. */
struct world_object *world_object(struct world *w, uint64_t ino);
int w_fill(struct world *w, uint64_t ino, uint64_t index, uint8_t *page);
int w_write_page(struct world *w, uint64_t ino, uint64_t index, const uint8_t *page, uint64_t bytes);
int w_set_size(struct world *w, uint64_t ino, uint64_t size);

/* Shut down. => its status. The image is then written to `path` and e2fsck'd: 0 if it is clean. */
int world_quiesce(struct world *w);
int world_fsck(struct world *w);

uint32_t world_rand(struct world *w);

#endif
