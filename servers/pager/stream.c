/* Streams: a hash by fs's id, and per process up to four nodes of stream index + 1 by
 * descriptor.
 * Reading and writing is in transfer.c. */
#include "stream.h"
#include "softpt.h"
#include <proto/fspage.h>

#define SEEK_TO_DATA 3
#define SEEK_TO_HOLE 4

static uint32_t *bucket_of(struct pager *pg, uint64_t id)
{
    return &pg->stream_hash[(id * 0x9e3779b97f4a7c15UL >> 32) & pg->stream_hash_mask];
}

static struct stream *find(struct pager *pg, uint64_t id)
{
    for (uint32_t i = *bucket_of(pg, id); i != NONE; i = pg->streams[i].hash_next)
        if (pg->streams[i].id == id)
            return &pg->streams[i];
    return NULL;
}

static struct stream *make(struct pager *pg, const struct stream_key *key)
{
    uint32_t i = pg->stream_free, *bucket = bucket_of(pg, key->id);
    struct object *o = i == NONE ? NULL : object_open(pg, key->number, key->epoch, key->size);
    if (o == NULL)
        return NULL;
    struct stream *s = &pg->streams[i];
    pg->stream_free = s->hash_next;
    pg->stream_used++;
    *s = (struct stream){.id = key->id, .object = object_id(pg, o), .flags = key->flags,
                         .errors = o->errors, .hash_next = *bucket};
    *bucket = i;
    o->nstreams++;
    return s;
}

void stream_put(struct pager *pg, struct stream *s)
{
    if (--s->refs > 0)
        return;
    uint32_t i = s - pg->streams, *link = bucket_of(pg, s->id);
    while (*link != i)
        link = &pg->streams[*link].hash_next;
    *link = s->hash_next;
    s->hash_next = pg->stream_free;
    pg->stream_free = i;
    pg->stream_used--;
    struct object *o = &pg->objects[s->object];
    o->nstreams--;
    pg->work |= WORK_JOBS;
    object_settle(pg, o);
}

/* Where descriptor `fd` < FDS stands; NULL: in no table yet. */
static uint32_t *fd_word(struct pager *pg, const struct aspace *as, uint64_t fd)
{
    uint32_t node = as->fds[fd / NODE_WORDS];
    return node == NONE ? NULL : &pg->nodes[node].word[fd % NODE_WORDS];
}

int stream_add(struct pager *pg, uint64_t badge, uint32_t fd, const struct stream_key *key)
{
    uint32_t slot = BADGE_SLOT(badge);
    if (slot >= POOL_SLOTS || pg->aspaces[slot].badge != badge ||
        (pg->aspaces[slot].state != AS_LIVE && pg->aspaces[slot].state != AS_BUILDING))
        return ERR_GONE;
    struct aspace *as = &pg->aspaces[slot];
    if (fd >= FDS || key->number == 0)
        return ERR_RANGE;
    uint32_t *node = &as->fds[fd / NODE_WORDS];
    if (*node == NONE && (*node = node_take(pg)) == NONE)
        return ERR_NOMEM;
    struct stream *s = find(pg, key->id);
    if (s == NULL && (s = make(pg, key)) == NULL)
        return ERR_NFILE;
    s->refs++;
    stream_drop(pg, as, fd);
    *fd_word(pg, as, fd) = s - pg->streams + 1;
    return 0;
}

struct stream *stream_of(struct pager *pg, const struct aspace *as, uint64_t fd)
{
    uint32_t *word = fd < FDS ? fd_word(pg, as, fd) : NULL;
    return word == NULL || *word == 0 ? NULL : &pg->streams[*word - 1];
}

void stream_drop(struct pager *pg, struct aspace *as, uint64_t fd)
{
    struct stream *s = stream_of(pg, as, fd);
    if (s == NULL)
        return;
    *fd_word(pg, as, fd) = 0;
    stream_put(pg, s);
}

void stream_drop_all(struct pager *pg, struct aspace *as)
{
    for (uint32_t i = 0; i < FDS / NODE_WORDS; i++) {
        if (as->fds[i] == NONE)
            continue;
        for (uint32_t fd = 0; fd < NODE_WORDS; fd++)
            stream_drop(pg, as, i * NODE_WORDS + fd);
        node_give(pg, as->fds[i]);
        as->fds[i] = NONE;
    }
}

static void copy_table(struct pager *pg, uint32_t to, uint32_t from)
{
    for (uint32_t fd = 0; fd < NODE_WORDS; fd++) {
        uint32_t word = pg->nodes[from].word[fd];
        pg->nodes[to].word[fd] = word;
        if (word != 0)
            pg->streams[word - 1].refs++;
    }
}

int stream_copy_all(struct pager *pg, struct aspace *child, const struct aspace *parent)
{
    for (uint32_t i = 0; i < FDS / NODE_WORDS; i++) {
        if (parent->fds[i] == NONE)
            continue;
        child->fds[i] = node_take(pg);
        if (child->fds[i] == NONE)
            return ERR_NOMEM;
        copy_table(pg, child->fds[i], parent->fds[i]);
    }
    return 0;
}

void stream_set_flags(struct pager *pg, uint64_t id, uint32_t flags)
{
    struct stream *s = find(pg, id);
    if (s != NULL)
        s->flags = flags;
}

int stream_seek(struct pager *pg, struct aspace *as, uint64_t fd, int64_t offset, uint64_t whence,
                uint64_t *at)
{
    struct stream *s = stream_of(pg, as, fd);
    if (s == NULL)
        return ERR_SPIPE;
    int64_t size = pg->objects[s->object].size, to;
    int64_t base = whence == 1 ? (int64_t)s->offset : whence == 2 ? size : 0;
    if (whence > SEEK_TO_HOLE || __builtin_add_overflow(base, offset, &to) || to < 0)
        return ERR_INVAL;
    if (whence >= SEEK_TO_DATA && to >= size)
        return ERR_NXIO;
    if (whence == SEEK_TO_HOLE) /* holes inside of the file count as data: they read as zeros */
        to = size;
    *at = s->offset = to;
    return 0;
}
