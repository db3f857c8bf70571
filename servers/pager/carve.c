/* All memory of the pager comes from one heap, divided here by the number of frames: first what each
 * frame needs (entry, hash, two policies), then fixed pools, and what remains goes to anons (for frames
 * and swap slots), nodes of soft page tables, and VMAs. No allocation happens later. */
#include "carve.h"
#include <string.h>
#include "batch.h"
#include "frame.h"
#include "policy/policy.h"
#include <proto/fspage.h>

struct heap {
    uint8_t *at;
    uint64_t left;
    bool failed;
};

static void *carve(struct heap *heap, uint64_t count, uint64_t bytes)
{
    uint64_t need = (count * bytes + 63) & ~63UL;
    if (heap->failed || need > heap->left) {
        heap->failed = true;
        return NULL;
    }
    void *at = heap->at;
    heap->at += need;
    heap->left -= need;
    return at;
}

static uint32_t bound(uint64_t n, uint32_t low, uint32_t high)
{
    return n < low ? low : n > high ? high : n;
}

static uint32_t power_of_two(uint32_t n)
{
    uint32_t p = 1;
    while (p < n)
        p *= 2;
    return p;
}

/* An empty hash of at least `n` buckets. */
static uint32_t *carve_hash(struct heap *heap, uint32_t n, uint32_t *mask)
{
    uint32_t size = power_of_two(n), *buckets = carve(heap, size, sizeof *buckets);
    *mask = size - 1;
    if (buckets != NULL)
        memset(buckets, 0xff, size * sizeof *buckets);
    return buckets;
}

static void carve_frames(struct pager *pg, struct heap *heap, uint32_t n)
{
    pg->nframes = n;
    pg->frames = carve(heap, n, sizeof *pg->frames);
    pg->page_hash = carve_hash(heap, n, &pg->page_hash_mask);
    pg->policy_memory[0] = carve(heap, 1, policy_bytes(n));
    pg->policy_memory[1] = carve(heap, 1, policy_bytes(n));
    pg->policy_order = carve(heap, n, sizeof(uint32_t));
    pg->to_clear = carve(heap, 1, sizeof(struct clear_ring));
    pg->cleared = carve(heap, 1, sizeof(struct clear_ring));
}

static void carve_pools(struct pager *pg, struct heap *heap, uint32_t nframes)
{
    pg->aspaces = carve(heap, POOL_SLOTS, sizeof *pg->aspaces);
    pg->nobjects = bound(nframes / 16, 256, FSPAGE_OBJECTS);
    pg->objects = carve(heap, pg->nobjects, sizeof *pg->objects);
    pg->object_hash = carve_hash(heap, pg->nobjects, &pg->object_hash_mask);
    pg->nstreams = bound(nframes / 8, 512, 8192);
    pg->streams = carve(heap, pg->nstreams, sizeof *pg->streams);
    pg->stream_hash = carve_hash(heap, pg->nstreams, &pg->stream_hash_mask);
    pg->traces = carve(heap, TRACES, sizeof *pg->traces);
}

static void carve_rest(struct pager *pg, struct heap *heap)
{
    uint64_t rest = heap->left;
    pg->nvmas = bound(rest / 10 / sizeof(struct vma), 64, 65535);
    pg->nnodes = bound(rest * 35 / 100 / (sizeof(struct node) + sizeof(struct node_link)), 16,
                       NONE - 1);
    pg->vmas = carve(heap, pg->nvmas, sizeof *pg->vmas);
    pg->nodes = carve(heap, pg->nnodes, sizeof *pg->nodes);
    pg->node_link = carve(heap, pg->nnodes, sizeof *pg->node_link);
    pg->nanons = bound(heap->left / sizeof(struct anon), 64, WORD_ID);
    pg->anons = carve(heap, pg->nanons, sizeof *pg->anons);
}

static void link_pools(struct pager *pg)
{
    for (uint32_t i = 0; i < pg->nanons; i++)
        pg->anons[i].where = i + 1 < pg->nanons ? i + 1 : NONE;
    for (uint32_t i = 0; i < pg->nnodes; i++)
        pg->nodes[i].word[0] = i + 1 < pg->nnodes ? i + 1 : NONE;
    for (uint32_t i = 0; i < pg->nvmas; i++)
        pg->vmas[i].left = i + 1 < pg->nvmas ? i + 1 : NONE;
    for (uint32_t i = 0; i < pg->nobjects; i++)
        pg->objects[i].hash_next = i + 1 < pg->nobjects ? i + 1 : NONE;
    for (uint32_t i = 0; i < pg->nstreams; i++)
        pg->streams[i].hash_next = i + 1 < pg->nstreams ? i + 1 : NONE;
    for (uint32_t i = 0; i < TRACES; i++)
        pg->trace_owner[i] = AS_NONE;
    for (uint32_t i = 0; i < POOL_SLOTS; i++) {
        pg->aspaces[i].slot = i;
        pg->family_head[i] = AS_NONE;
    }
}

static void set_frame(struct pager *pg, uint32_t frame, enum frame_state state)
{
    struct frame *f = frame_of(pg, frame);
    *f = (struct frame){.state = state, .owner = NONE, .slot = NONE, .next = NONE, .prev = NONE,
                        .hash_next = NONE, .waiters = NONE};
}

/* All frames to the free list but the loader's; one becomes the zero frame. */
static void stock(struct pager *pg, const struct carve_plan *plan)
{
    pg->loader_frame = plan->loader_frame;
    pg->loader_pages = plan->loader_pages;
    for (uint32_t i = plan->nframes; i-- > 0;) {
        bool is_loader = i - plan->loader_frame < plan->loader_pages;
        set_frame(pg, i, is_loader ? FRAME_FIXED : FRAME_FREE);
        if (!is_loader)
            frame_free(pg, i);
    }
    pg->zero_frame = frame_take(pg, FRAME_URGENT);
    pg->frames[pg->zero_frame].state = FRAME_FIXED;
    struct batch_room room;
    struct batch *b = batch_init(&room, 0);
    batch_clear(pg, b, pg->zero_frame, 0, PAGE_SIZE);
    batch_run(pg, b);
}

static void set_parameters(struct pager *pg, const struct carve_plan *plan)
{
    pg->reserve = bound(plan->nframes / 256, 12, 256);
    pg->low = pg->reserve + bound(plan->nframes / 64, 16, 1024);
    pg->high = pg->low + bound(plan->nframes / 64, 16, 1024);
    pg->scan_ms = 100;
    pg->write_ms = 5000;
    pg->read_ahead = 16;
    pg->hz = plan->hz;
    pg->run = pg->memory = (struct list){NONE, NONE};
    pg->policy = policy_find(plan->policy, strlen(plan->policy));
    if (pg->policy == NULL)
        pg->policy = policy_all[0];
    pg->policy_self = pg->policy_memory[0];
    pg->policy->init(pg->policy_self, pg->nframes);
}

int pager_init(struct pager *pg, const struct carve_plan *plan)
{
    struct heap heap = {plan->heap, plan->heap_bytes, false};
    memset(pg, 0, sizeof *pg);
    if (plan->nframes < 64 || plan->loader_frame + (uint64_t)plan->loader_pages > plan->nframes)
        return ERR_NOMEM;
    carve_frames(pg, &heap, plan->nframes);
    carve_pools(pg, &heap, plan->nframes);
    if (heap.failed || heap.left < 64 * 1024)
        return ERR_NOMEM;
    carve_rest(pg, &heap);
    if (heap.failed)
        return ERR_NOMEM;
    pg->free_list = pg->slots_due = NONE;
    pg->vma_free = pg->anon_free = pg->node_free = pg->object_free = pg->stream_free = 0;
    link_pools(pg);
    set_parameters(pg, plan);
    stock(pg, plan);
    return 0;
}
