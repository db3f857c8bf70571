/* The file server's shell: messages and rings in, answers, posts and terminal bytes out. All it
 * decides is order: peers and console are signalled before an answer leaves, and the answer of the
 * call at hand is laid out last, because answers to others overwrite the message page. */
#include <servers/fs/vfs.h>
#include <lib/server/bytering.h>
#include <lib/server/log.h>
#include <lib/server/loop.h>
#include <lib/sys/invoke.h>
#include <proto/fs.h>
#include <string.h>

#define PAGER_POSTS 640u
#define BLK_POSTS 256u
#define PROC_POSTS 320u
#define NS 1000000000ul

/* The call that is being handled, until its answer is laid out. */
struct at_hand {
    slot_t reply;
    bool is_open, is_answered;
    struct answer answer;
};

static struct vfs vfs;
static struct server server;
static struct at_hand at_hand;
static struct bytering bytes_in, bytes_out[2]; /* BYTES_OUT, BYTES_ERR */
static struct peer_pending pager_table[PAGER_POSTS], blk_table[BLK_POSTS], proc_table[PROC_POSTS];
static bool console_is_due;
static ticks_t timer_at = ~0ul;

/* --- ports ----------------------------------------------------------------------------------- */

static void port_answer(void *self, uint64_t reply, int status, const uint64_t *words,
                        uint32_t nwords, const void *bytes, size_t len)
{
    struct answer answer = {status, words, nwords, bytes, (uint32_t)len};
    if (!at_hand.is_open || at_hand.reply != reply) {
        server_answer(&server, (slot_t)reply, answer);
        return;
    }
    static uint64_t kept[4];
    memcpy(kept, words, nwords * sizeof *words);
    if (len > 0 && bytes != vfs.out[0])
        memcpy(vfs.out[0], bytes, len);
    answer.rep = kept;
    answer.bytes = vfs.out[0];
    at_hand.answer = answer;
    at_hand.is_answered = true;
}

static void posted(void *self, uint64_t cookie, int status, const uint64_t *rep)
{
    vfs_completion(&vfs, cookie, status, rep);
}

static void port_post(void *self, enum server_id peer, uint32_t op, uint64_t cookie,
                      const uint64_t *words, uint32_t nwords)
{
    int rc = peer_post(&server.peer[peer], op, words, nwords,
                       (struct peer_target){posted, NULL, cookie});
    if (rc < 0)
        vfs_completion(&vfs, cookie, rc, NULL);
}

static uint32_t port_room(void *self, enum server_id peer)
{
    return peer_room(&server.peer[peer]);
}

static bool port_has_backlog(void *self, enum server_id peer)
{
    return server.peer[peer].queue_head != 0;
}

static void port_complete(void *self, enum server_id peer, uint64_t cookie, int status,
                          const uint64_t *words, uint32_t nwords)
{
    peer_answer(&server.peer[peer], cookie, status, words, nwords);
}

static void port_ready(void *self, int status)
{
    server_ready(&server, status);
}

static size_t port_put(void *self, enum byte_ring ring, const void *bytes, size_t len)
{
    console_is_due = true;
    return bytering_write(&bytes_out[ring - BYTES_OUT], bytes, len);
}

static size_t port_get(void *self, void *bytes, size_t max)
{
    size_t n = bytering_read(&bytes_in, bytes, max);
    console_is_due = console_is_due || n > 0;
    return n;
}

static size_t port_available(void *self)
{
    return bytering_pending(&bytes_in);
}

static bool port_ended(void *self)
{
    return bytering_at_end(&bytes_in);
}

static void port_log(void *self, const char *line)
{
    log_line("%s", line);
}

static const struct vfs_ports ports = {
    .answer = port_answer, .post = port_post, .room = port_room, .has_backlog = port_has_backlog,
    .complete = port_complete, .ready = port_ready, .put = port_put, .get = port_get,
    .available = port_available, .ended = port_ended, .log = port_log,
};

/* --- events ---------------------------------------------------------------------------------- */

static void set_clock(void)
{
    ticks_t now = time_now();
    vfs.ticks = now;
    vfs.now_ns = vfs.epoch_ns + now / vfs.hz * NS + now % vfs.hz * NS / vfs.hz;
}

static int on_call(void *self, struct call *c)
{
    uint32_t op = TAG_LABEL(c->tag);
    struct proto_words n = fs_words(op);
    uint64_t words[8];
    int rc = call_begin(c, words, n.req, n.rep);
    if (rc < 0) {
        call_end(c, rc, NULL, 0);
        return rc;
    }
    set_clock();
    at_hand = (struct at_hand){.reply = c->reply, .is_open = true};
    vfs_call(&vfs, c->badge, c->reply, op, words, n.req, c->bytes, c->nbytes);
    vfs_pump(&vfs);
    at_hand.is_open = false;
    if (!at_hand.is_answered)
        return PARKED;
    if (at_hand.answer.status == 0 && at_hand.answer.nbytes > 0)
        memcpy(c->out, at_hand.answer.bytes, at_hand.answer.nbytes);
    c->out_bytes = at_hand.answer.nbytes;
    call_end(c, at_hand.answer.status, at_hand.answer.rep, at_hand.answer.rep_words);
    return at_hand.answer.status;
}

static void on_request(void *self, enum server_id from, const struct ring_entry *e)
{
    set_clock();
    vfs_request(&vfs, from, RING_OP(e->head), e->head, e->word);
}

static int on_quiesce(void *self, uint64_t head)
{
    set_clock();
    vfs_quiesce(&vfs, head);
    return PARKED;
}

static void on_notified(void *self, uint64_t bits)
{
    set_clock();
    if (bits & NOTIFY_PEER(SRV_CONSOLE))
        vfs_console(&vfs);
    if (bits & NOTIFY_TIMER) {
        timer_at = ~0ul;
        vfs_tick(&vfs);
    }
    vfs_pump(&vfs);
}

/* Before each wait: the console's signal, and the timer if an earlier time is due. */
static void on_settle(void *self)
{
    ticks_t deadline = vfs_deadline(&vfs);
    if (console_is_due)
        sys_signal(SLOT_PEER + SRV_CONSOLE);
    console_is_due = false;
    if (deadline < timer_at) {
        timer_at = deadline;
        timer_set(SLOT_TIMER, deadline);
    }
}

static const struct server_ops ops = {
    .call = on_call, .request = on_request, .quiesce = on_quiesce, .notified = on_notified,
    .settle = on_settle,
};

static void attach_bytes(void)
{
    struct byte_page *page = (struct byte_page *)SERVER_BYTES_VA;
    bytering_attach_reader(&bytes_in, page + BYTES_IN);
    bytering_attach_writer(&bytes_out[0], page + BYTES_OUT);
    bytering_attach_writer(&bytes_out[1], page + BYTES_ERR);
}

int main(const struct server_boot *boot)
{
    log_start("fs");
    server_init(&server, boot);
    server_add_peer(&server, SRV_PAGER, pager_table, PAGER_POSTS);
    server_add_peer(&server, SRV_BLK, blk_table, BLK_POSTS);
    server_add_peer(&server, SRV_PROC, proc_table, PROC_POSTS);
    attach_bytes();
    vfs_init(&vfs, (uint8_t *)SERVER_HEAP_VA, boot->heap_bytes & ~PAGE_MASK);
    vfs.ports = ports;
    vfs.is_exec = boot->exec_mode;
    vfs.hz = boot->timebase_hz;
    vfs.epoch_ns = boot->realtime_ns;
    if (boot->tty_rows && boot->tty_cols)
        vfs.tty.winsize = (struct fs_winsize){(uint16_t)boot->tty_rows, (uint16_t)boot->tty_cols, 0, 0};
    set_clock();
    random_stir(&vfs.random, boot->seed, sizeof boot->seed);
    random_stir(&vfs.random, &vfs.now_ns, sizeof vfs.now_ns);
    vfs.tick_due = vfs.ticks + 5 * vfs.hz;
    vfs_start(&vfs);
    vfs_pump(&vfs);
    server_run(&server, &ops, NULL);
}
