/* kern.h on the target: system calls, rings, and the thread that clears frames ahead. */
#include "target.h"
#include "carve.h"
#include "frame.h"
#include <lib/server/log.h>
#include <lib/sys/invoke.h>

#define FS_REQUESTS 1024u
#define SWAP_REQUESTS 512u
#define PROC_REQUESTS 320u
#define SLOT_CLEARER_TCB 480u
#define SLOT_CLEARER_BELL 481u /* the notification, */
#define SLOT_CLEARER_RING 482u /* and the same with a badge: a signal needs a bit to set */
#define CLEARER_PRIORITY 1u

struct server server;
static struct peer_pending fs_table[FS_REQUESTS], swap_table[SWAP_REQUESTS],
    proc_table[PROC_REQUESTS];
static struct pager_service *the_service;
static bool has_clearer;

/* --- items, objects ------------------------------------------------------------------------------ */

int kern_items(struct item *items, uint32_t n, uint32_t *failed)
{
    *failed = 0;
    if (n == 1)
        return sys_item(items);
    memcpy(sys_msgpage.items, items, n * sizeof *items);
    int status = sys_items(n, failed);
    memcpy(items, sys_msgpage.items, n * sizeof *items);
    return status;
}

void kern_vspace_clear(uint32_t slot)
{
    vspace_clear(SLOT_POOL_VSPACE + slot);
}

int kern_message_page(uint32_t slot, uint32_t frame)
{
    if (frame == NONE)
        return tcb_set_message(SLOT_POOL_TCB + slot, 0, 0);
    return tcb_set_message(SLOT_POOL_TCB + slot, SLOT_RAM, frame);
}

uint64_t kern_time(void)
{
    return time_now();
}

/* --- peers ---------------------------------------------------------------------------------------- */

static void on_done(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    enum server_id peer = (enum server_id)(uintptr_t)self;
    service_completed(the_service, peer, arg >> 32, (uint32_t)arg, status, rep);
}

void kern_post(enum server_id peer, uint32_t op, uint64_t cookie, const uint64_t *words)
{
    struct peer_target target = {on_done, (void *)(uintptr_t)peer, (uint64_t)op << 32 | cookie};
    int status = peer_post(&server.peer[peer], op, words, 7, target);
    if (status != 0)
        kern_log("request %u to server %u could not be posted: %d", op, peer, status);
}

uint32_t kern_room(enum server_id peer)
{
    const struct peer *p = &server.peer[peer];
    return p->queue_head != 0 || p->nsent >= RING_CREDIT ? 0 : RING_CREDIT - p->nsent;
}

void kern_complete(enum server_id peer, uint64_t head, int status)
{
    peer_answer(&server.peer[peer], head, status, NULL, 0);
}

/* --- answers -------------------------------------------------------------------------------------- */

void kern_answer_call(uint32_t reply, int status, const uint64_t *words, uint32_t n)
{
    server_answer(&server, reply, (struct answer){.status = status, .rep = words, .rep_words = n});
}

int kern_answer_fault(uint32_t reply, enum fault_answer answer, const uint64_t *words)
{
    struct message m = {.tag = (uint64_t)answer << TAG_ANSWER_SHIFT};
    unsigned failed;
    if (words != NULL)
        memcpy(m.word, words, sizeof m.word);
    int status = server_answer_fault(&server, reply, &m, &failed);
    if (status == 0)
        return 0;
    m = (struct message){.tag = (uint64_t)ANSWER_KEEP_STOPPED << TAG_ANSWER_SHIFT};
    server_answer_fault(&server, reply, &m, &failed);
    return ERR_BUSY;
}

void kern_log(const char *format, ...)
{
    char line[LOG_LINE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    log_line("%s", line);
}

/* --- clearing ahead -------------------------------------------------------------------------------- */

static uint8_t clearer_stack[2048] __attribute__((aligned(16)));
static struct clear_ring *rings[2];

static void __attribute__((noreturn, used)) clearer_main(void)
{
    struct message m = {0};
    uint32_t frame;
    for (;;) {
        while ((frame = clear_ring_take(rings[0])) != NONE) {
            struct item item = {ITEM_W0(ITEM_CLEAR, 0, 0, SLOT_RAM, 0), PAGE_SIZE << 32, frame};
            sys_item(&item);
            clear_ring_put(rings[1], frame);
        }
        sys_recv(0, SLOT_CLEARER_BELL, &m);
    }
}

/* Threads start with empty registers: the global pointer is set here. */
static void __attribute__((naked)) clearer_entry(void)
{
    __asm__ volatile(".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
                     "tail clearer_main");
}

void kern_wake_clearer(void)
{
    if (has_clearer)
        sys_signal(SLOT_CLEARER_RING);
}

static int start_clearer(struct pager *pg)
{
    struct tcb_config config = {SLOT_CSPACE, SLOT_VSPACE, 0, CLEARER_PRIORITY};
    struct tcb_start start = {.pc = (vaddr_t)clearer_entry,
                              .sp = (vaddr_t)clearer_stack + sizeof clearer_stack};
    rings[0] = pg->to_clear;
    rings[1] = pg->cleared;
    int status = untyped_retype(SLOT_UNTYPED, OBJ_TCB, 1, 0, SLOT_CLEARER_TCB, 0);
    if (status == 0)
        status = untyped_retype(SLOT_UNTYPED, OBJ_NOTIFICATION, 1, 0, SLOT_CLEARER_BELL, 0);
    if (status == 0)
        status = cspace_mint(SLOT_CSPACE, SLOT_CLEARER_RING, SLOT_CLEARER_BELL, RIGHT_WRITE, 1);
    if (status == 0)
        status = tcb_configure(SLOT_CLEARER_TCB, config);
    if (status == 0)
        status = tcb_write_regs(SLOT_CLEARER_TCB, start);
    return status != 0 ? status : tcb_resume(SLOT_CLEARER_TCB);
}

/* --- start ------------------------------------------------------------------------------------------ */

static int start_pager(struct pager *pg, const struct server_boot *boot)
{
    struct carve_plan plan = {(uint8_t *)SERVER_HEAP_VA, boot->heap_bytes, boot->ram_pages,
                              boot->loader_frame, boot->loader_pages, boot->policy,
                              boot->timebase_hz};
    int status = pager_init(pg, &plan);
    if (status != 0) {
        log_line("%lu bytes are not enough to manage %lu pages", (unsigned long)boot->heap_bytes,
                 (unsigned long)boot->ram_pages);
        return status;
    }
    status = start_clearer(pg);
    has_clearer = status == 0;
    if (!has_clearer)
        log_line("no thread to clear pages ahead: error %d", status);
    pg->work |= WORK_REFILL;
    return 0;
}

int target_start(struct pager_service *self, const struct server_boot *boot)
{
    uint64_t none[7] = {0};
    the_service = self;
    log_start("pager");
    server_init(&server, boot);
    server_add_peer(&server, SRV_FS, fs_table, FS_REQUESTS);
    server_add_peer(&server, SRV_SWAP, swap_table, SWAP_REQUESTS);
    server_add_peer(&server, SRV_PROC, proc_table, PROC_REQUESTS);
    int status = start_pager(&self->pager, boot);
    if (status == 0)
        kern_post(SRV_SWAP, swap_OP_info, 0, none);
    return status;
}
