/* See blk.h. */
#include "blk.h"
#include <string.h>
#define PROTO_NAME blk
#define PROTO_FILE <proto/blk.def>
#include <lib/server/ring_dispatch.h>

void blk_init(struct blk_service *blk, const struct server_boot *boot)
{
    memset(blk, 0, sizeof *blk);
    for (unsigned i = 0; i < BLK_MEM_COUNT; i++) {
        blk->memory[i].base = boot->dma[i].base;
        blk->memory[i].pages = boot->dma[i].pages;
    }
    for (uint32_t i = BLK_JOBS; i > 0; i--) {
        blk->job[i - 1].next = blk->free;
        blk->free = i;
    }
}

void blk_add_disk(struct blk_service *blk, uint32_t number)
{
    blk->disk[number].is_present = true;
}

static struct blk_job *job_new(struct blk_service *blk)
{
    struct blk_job *job = blk->free ? &blk->job[blk->free - 1] : NULL;

    if (job) {
        blk->free = job->next;
        job->next = 0;
        blk->nbusy++;
    }
    return job;
}

/* Answer a job's request and forget the job. */
static void job_end(struct blk_service *blk, struct blk_job *job, int status)
{
    struct blk_disk *disk = &blk->disk[job->disk];

    if (status < 0)
        disk->nerrors++;
    peer_answer(job->from, job->head, status, NULL, 0);
    job->next = blk->free;
    blk->free = (uint32_t)(job - blk->job) + 1;
    blk->nbusy--;
    if (blk->nbusy == 0 && blk->quiescing) {
        peer_answer(blk->quiescing, blk->quiesce_head, 0, NULL, 0);
        blk->quiescing = NULL;
    }
}

static void wait_in_line(struct blk_service *blk, struct blk_job *job)
{
    struct blk_disk *disk = &blk->disk[job->disk];
    uint32_t name = (uint32_t)(job - blk->job) + 1;

    if (disk->waiting_tail)
        blk->job[disk->waiting_tail - 1].next = name;
    else
        disk->waiting_head = name;
    disk->waiting_tail = name;
}

/* Hand to the device what waits, as far as it takes it. */
static void submit_waiting(struct blk_service *blk, struct blk_disk *disk)
{
    while (disk->waiting_head) {
        struct blk_job *job = &blk->job[disk->waiting_head - 1];
        int rc = disk_submit(&disk->disk, &job->request);

        if (rc == ERR_AGAIN)
            return;
        disk->waiting_head = job->next;
        if (!disk->waiting_head)
            disk->waiting_tail = 0;
        job->next = 0;
        if (rc < 0)
            job_end(blk, job, rc);
    }
}

unsigned blk_interrupt(struct blk_service *blk, uint32_t number)
{
    struct blk_disk *disk = &blk->disk[number];
    uint64_t before = disk->nerrors;
    uint32_t tag;
    int status;

    if (!disk->is_present)
        return 0;
    disk_interrupt(&disk->disk);
    while (disk_complete(&disk->disk, &tag, &status))
        job_end(blk, &blk->job[tag], status);
    submit_waiting(blk, disk);
    return (unsigned)(disk->nerrors - before);
}

void blk_request(struct blk_service *blk, struct peer *from, const struct ring_entry *entry)
{
    blk_ring_dispatch(blk, from, entry);
}

int blk_quiesce(struct blk_service *blk, struct peer *from, uint64_t head)
{
    if (blk->nbusy == 0)
        return 0;
    blk->quiescing = from;
    blk->quiesce_head = head;
    return PARKED;
}

static struct blk_disk *find_disk(struct blk_service *blk, uint64_t number)
{
    if (number >= SERVER_DISKS || !blk->disk[number].is_present)
        return NULL;
    return &blk->disk[number];
}

/* Queue a request for a device. => PARKED, ERR_NOMEM: a peer exceeds its credit. */
static int start(struct blk_service *blk, struct peer *from, uint64_t head, uint64_t number,
                 const struct disk_request *request)
{
    struct blk_job *job = job_new(blk);

    if (!job)
        return ERR_NOMEM;
    job->from = from;
    job->head = head;
    job->disk = (uint8_t)number;
    job->request = *request;
    job->request.tag = (uint32_t)(job - blk->job);
    wait_in_line(blk, job);
    submit_waiting(blk, &blk->disk[number]);
    return PARKED;
}

static bool is_in_memory(const struct blk_service *blk, const struct blk_read_req *req)
{
    return req->memory < BLK_MEM_COUNT && req->frame < blk->memory[req->memory].pages &&
           req->bytes > 0 && req->bytes <= PAGE_SIZE && req->offset <= PAGE_SIZE - req->bytes &&
           (req->bytes | req->offset) % SECTOR_BYTES == 0;
}

static bool is_on_disk(const struct disk *disk, const struct blk_read_req *req)
{
    uint64_t nsectors = req->bytes / SECTOR_BYTES;

    return nsectors <= disk->sectors && req->sector <= disk->sectors - nsectors;
}

static int transfer(struct blk_service *blk, struct peer *from, uint64_t head, enum disk_op op,
                    const struct blk_read_req *req)
{
    struct blk_disk *disk = find_disk(blk, req->disk);
    struct disk_request request = {.op = op, .sector = req->sector, .bytes = (uint32_t)req->bytes};

    if (!disk)
        return ERR_NODEV;
    if (!is_in_memory(blk, req) || !is_on_disk(&disk->disk, req))
        return ERR_RANGE;
    if (op == DISK_WRITE && disk->disk.is_read_only)
        return ERR_ROFS;
    request.data = blk->memory[req->memory].base + req->frame * PAGE_SIZE + req->offset;
    return start(blk, from, head, req->disk, &request);
}

int blk_on_read(struct blk_service *blk, struct peer *from, uint64_t head,
                const struct blk_read_req *req, struct blk_read_rep *rep)
{
    return transfer(blk, from, head, DISK_READ, req);
}

int blk_on_write(struct blk_service *blk, struct peer *from, uint64_t head,
                 const struct blk_write_req *req, struct blk_write_rep *rep)
{
    struct blk_read_req same = {.disk = req->disk, .sector = req->sector, .memory = req->memory,
                                .frame = req->frame, .offset = req->offset, .bytes = req->bytes};

    return transfer(blk, from, head, DISK_WRITE, &same);
}

int blk_on_flush(struct blk_service *blk, struct peer *from, uint64_t head,
                 const struct blk_flush_req *req, struct blk_flush_rep *rep)
{
    struct blk_disk *disk = find_disk(blk, req->disk);
    struct disk_request request = {.op = DISK_FLUSH};

    if (!disk)
        return ERR_NODEV;
    /* Without the feature the device has no volatile cache: what was written is safe. */
    return disk->disk.has_flush ? start(blk, from, head, req->disk, &request) : 0;
}

int blk_on_info(struct blk_service *blk, struct peer *from, uint64_t head,
                const struct blk_info_req *req, struct blk_info_rep *rep)
{
    struct blk_disk *disk = find_disk(blk, req->disk);

    rep->sectors = disk ? disk->disk.sectors : 0;
    rep->read_only = disk ? disk->disk.is_read_only : 1;
    return 0;
}
