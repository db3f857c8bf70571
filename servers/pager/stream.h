/* Open file descriptions on regular files, and reading and writing through them. */
#ifndef PAGER_STREAM_H
#define PAGER_STREAM_H

#include "object.h"

/* fs says: descriptor `fd` of the process is now this description, made known if it is new.
 * => 0, ERR_GONE (no such process), ERR_RANGE, ERR_NFILE, ERR_NOMEM: nothing changed. */
struct stream_key {
    uint64_t id, number, epoch, size;
    uint32_t flags;
};
int stream_add(struct pager *pg, uint64_t badge, uint32_t fd, const struct stream_key *key);

/* The descriptor is no stream any more. Unknown: ignored. */
void stream_drop(struct pager *pg, struct aspace *as, uint64_t fd);
void stream_drop_all(struct pager *pg, struct aspace *as);

/* The child gets copies of all descriptors. => 0 or ERR_NOMEM. */
int stream_copy_all(struct pager *pg, struct aspace *child, const struct aspace *parent);

/* fcntl changed O_APPEND. Unknown: ignored. */
void stream_set_flags(struct pager *pg, uint64_t id, uint32_t flags);

/* Bytes of it were read, or may be from now on: tell fs, if it wants to know. */
void stream_was_read(struct pager *pg, struct stream *s);

/* The stream behind a descriptor. => NULL: it is none. */
struct stream *stream_of(struct pager *pg, const struct aspace *as, uint64_t fd);

/* One reference less; the last one lets the object go. */
void stream_put(struct pager *pg, struct stream *s);

/* Begin a read or write. => 0: as->rw is set up, run it; ERR_SPIPE, ERR_BADF, ERR_INVAL. */
struct stream_request {
    uint64_t fd, addr, len;
    int64_t offset; /* positional */
    bool is_write, is_positional;
};
int stream_begin(struct pager *pg, struct aspace *as, const struct stream_request *req);

/* Go on with as->rw, at most four pages. => PARKED; or DONE with *status 0 and *moved, or an error. */
enum outcome stream_run(struct pager *pg, struct aspace *as, int *status, uint64_t *moved);

/* The request in progress will not be finished. */
void stream_abandon(struct pager *pg, struct aspace *as);

int stream_seek(struct pager *pg, struct aspace *as, uint64_t fd, int64_t offset, uint64_t whence,
                uint64_t *at);

#endif
