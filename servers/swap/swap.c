#include "swap.h"
#include <string.h>
#define PROTO_NAME swap
#define PROTO_FILE <proto/swap.def>
#include <lib/server/ring_dispatch.h>

#define SLOT_SECTORS (PAGE_SIZE / 512)

void swap_init(struct swap_service *swap, struct peer *blk, void *memory, size_t bytes)
{
    memset(swap, 0, sizeof *swap);
    swap->blk = blk;
    swap->memory = memory;
    swap->capacity = bytes / sizeof(struct swap_slot);
    for (uint32_t i = SWAP_JOBS; i > 0; i--) {
        swap->job[i - 1].next = swap->free_job;
        swap->free_job = i;
    }
    slots_init(&swap->slots, swap->memory, 0);
}

uint32_t swap_set_disk(struct swap_service *swap, uint64_t sectors)
{
    uint64_t total = sectors / SLOT_SECTORS;

    if (total > swap->capacity)
        total = swap->capacity;
    if (total > UINT32_MAX)
        total = UINT32_MAX;
    slots_init(&swap->slots, swap->memory, (uint32_t)total);
    return (uint32_t)total;
}

void swap_request(struct swap_service *swap, struct peer *from, const struct ring_entry *entry)
{
    swap_ring_dispatch(swap, from, entry);
}

int swap_quiesce(struct swap_service *swap, struct peer *from, uint64_t head)
{
    if (swap->nbusy == 0)
        return 0;
    swap->quiescing = from;
    swap->quiesce_head = head;
    return PARKED;
}

static void job_free(struct swap_service *swap, struct swap_job *job)
{
    job->next = swap->free_job;
    swap->free_job = (uint32_t)(job - swap->job) + 1;
    swap->nbusy--;
    if (swap->nbusy == 0 && swap->quiescing) {
        peer_answer(swap->quiescing, swap->quiesce_head, 0, NULL, 0);
        swap->quiescing = NULL;
    }
}

/* The job's part of the slot map, when its block request ended with `status`. */
static void job_settle(struct swap_service *swap, const struct swap_job *job, int status)
{
    if (job->is_write)
        slots_written(&swap->slots, job->slot, status);
    else
        slots_read_end(&swap->slots, job->slot);
}

/* A block request is done: answer the pager. */
static void on_block(void *self, uint64_t number, int status, const uint64_t *rep)
{
    struct swap_service *swap = self;
    struct swap_job *job = &swap->job[number];
    uint64_t slot = job->slot;

    swap->nfailed += status < 0;
    job_settle(swap, job, status);
    peer_answer(job->from, job->head, status, &slot, job->is_write ? 1 : 0);
    job_free(swap, job);
}

/* Start moving a page between its slot, which is taken or held for reading, and a frame.
 * => PARKED, or an error; the slot map is as if the transfer had failed, then. */
static int transfer(struct swap_service *swap, struct swap_job *job, uint64_t frame)
{
    struct blk_write_req req = {.disk = SWAP_DISK,
                                .sector = (uint64_t)job->slot * SLOT_SECTORS,
                                .memory = BLK_MEM_PAGER,
                                .frame = frame,
                                .bytes = PAGE_SIZE};
    struct peer_target target = {on_block, swap, (uint64_t)(job - swap->job)};
    int rc = peer_post(swap->blk, job->is_write ? blk_OP_write : blk_OP_read, &req,
                       sizeof req / 8, target);

    if (rc == 0)
        return PARKED;
    job_settle(swap, job, rc);
    job_free(swap, job);
    return rc;
}

static struct swap_job *job_new(struct swap_service *swap, struct peer *from, uint64_t head)
{
    struct swap_job *job = &swap->job[swap->free_job - 1];

    swap->free_job = job->next;
    swap->nbusy++;
    job->from = from;
    job->head = head;
    return job;
}

int swap_on_out(struct swap_service *swap, struct peer *from, uint64_t head,
                const struct swap_out_req *req, struct swap_out_rep *rep)
{
    struct swap_job *job;
    uint32_t slot;
    int rc;

    if (!swap->free_job)
        return ERR_BUSY;
    rc = slots_take(&swap->slots, req->key, &slot);
    if (rc < 0)
        return rc;
    job = job_new(swap, from, head);
    job->slot = slot;
    job->is_write = true;
    return transfer(swap, job, req->frame);
}

int swap_on_in(struct swap_service *swap, struct peer *from, uint64_t head,
               const struct swap_in_req *req, struct swap_in_rep *rep)
{
    struct swap_job *job;
    int rc;

    if (!swap->free_job)
        return ERR_BUSY;
    rc = slots_read_begin(&swap->slots, req->slot, req->key);
    if (rc < 0)
        return rc;
    job = job_new(swap, from, head);
    job->slot = (uint32_t)req->slot;
    job->is_write = false;
    return transfer(swap, job, req->frame);
}

int swap_on_free(struct swap_service *swap, struct peer *from, uint64_t head,
                 const struct swap_free_req *req, struct swap_free_rep *rep)
{
    return slots_free(&swap->slots, req->slot, req->key);
}

int swap_on_info(struct swap_service *swap, struct peer *from, uint64_t head,
                 const struct swap_info_req *req, struct swap_info_rep *rep)
{
    rep->total = swap->slots.total - swap->slots.nbad;
    rep->free = swap->slots.nfree;
    return 0;
}
