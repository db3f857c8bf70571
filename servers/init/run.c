/* init after the start: waits until all servers are ready, starts the first process, serves requests
 * for shutdown, and deals with servers that fault: the rest is taken down in order, so that as much
 * as can be saved is saved, and the machine stops with a failure. */
#include <servers/init/init.h>
#include <lib/sys/invoke.h>
#include <proto/sysctl.h>

#define READY_SECONDS 30u
#define STEP_SECONDS 20u
#define STEP_SECONDS_FAILED 5u /* some wait for the dead server: there is little hope */
#define STATUS_SYSTEM_FAILURE 125u /* as `faultline exec` has it */
#define ALL_SERVERS (((1u << SRV_COUNT) - 1) & ~(1u << SRV_INIT))

/* --- words --------------------------------------------------------------------------------------- */

/* A line to the log while the console lives, else straight to the UART. */
static void tell(struct init *init, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void tell(struct init *init, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (init->dead & 1u << SRV_CONSOLE || !(init->ready & 1u << SRV_CONSOLE)) {
        vsay(format, args);
    } else {
        log_vadd(&init->log, format, args);
        sys_signal(INIT_PEER + SRV_CONSOLE);
    }
    va_end(args);
}

static const char *cause_name(uint64_t cause)
{
    switch (cause) {
    case CAUSE_FETCH_MISALIGNED:
        return "misaligned instruction";
    case CAUSE_FETCH_ACCESS:
        return "instruction access fault";
    case CAUSE_ILLEGAL:
        return "illegal instruction";
    case CAUSE_BREAKPOINT:
        return "breakpoint";
    case CAUSE_LOAD_MISALIGNED:
        return "misaligned load";
    case CAUSE_LOAD_ACCESS:
        return "load access fault";
    case CAUSE_STORE_MISALIGNED:
        return "misaligned store";
    case CAUSE_STORE_ACCESS:
        return "store access fault";
    case CAUSE_FETCH_PAGE:
        return "instruction page fault";
    case CAUSE_LOAD_PAGE:
        return "load page fault";
    case CAUSE_STORE_PAGE:
        return "store page fault";
    default:
        return "unknown cause";
    }
}

static void set_deadline(struct init *init, unsigned seconds)
{
    timer_set(INIT_TIMER, seconds ? time_now() + seconds * init->info->timebase_hz : 0);
}

/* --- going down ---------------------------------------------------------------------------------- */

static void do_step(struct init *init);

static void on_step_done(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    struct init *init = self;
    enum server_id id = (enum server_id)arg;

    if (init->shutdown.server == id && status != 0)
        tell(init, "%s could not finish its work (error %d)", server_info[id].name, status);
    if (shutdown_answered(&init->shutdown, id, status, init->dead))
        do_step(init);
}

static void end_machine(const struct init *init)
{
    if (init->dead || !init->is_up)
        machine_stop(STOP_SERVER);
    machine_stop(init->shutdown.has_failed ? STOP_SHUTDOWN : 0);
}

/* Ask whoever's turn it is. A post cannot fail: a living peer has room for the few requests of init. */
static void do_step(struct init *init)
{
    enum server_id id = init->shutdown.server;
    struct peer_target target = {on_step_done, init, id};
    struct sysctl_quiesce_req quiesce = {.epoch = 1};
    struct sysctl_finish_req finish = {.status = init->shutdown.status};

    if (init->shutdown.step == SHUTDOWN_OFF)
        end_machine(init);
    set_deadline(init, init->dead ? STEP_SECONDS_FAILED : STEP_SECONDS);
    if (init->shutdown.step == SHUTDOWN_FINISH)
        PEER_POST(&init->peer[id], sysctl, finish, &finish, target);
    else
        PEER_POST(&init->peer[id], sysctl, quiesce, &quiesce, target);
}

static void shut_down(struct init *init, uint64_t status)
{
    if (shutdown_begin(&init->shutdown, status, init->dead | (ALL_SERVERS & ~init->started)))
        do_step(init);
}

/* The system cannot go on; `id` is the reason. The host learns it by the status and by the machine's
 * exit code. */
static void fail(struct init *init, enum server_id id)
{
    init->dead |= 1u << id;
    init->shutdown.status = STATUS_SYSTEM_FAILURE;
    if (init->shutdown.step == SHUTDOWN_IDLE)
        shut_down(init, STATUS_SYSTEM_FAILURE);
    else if (init->shutdown.server == id &&
             shutdown_answered(&init->shutdown, id, ERR_DEAD, init->dead))
        do_step(init);
}

/* --- messages ------------------------------------------------------------------------------------ */

static void on_fault(struct init *init, struct message *m)
{
    enum server_id id = (enum server_id)m->badge;

    say("%s: %s: scause=0x%lx sepc=0x%lx stval=0x%lx", server_info[id].name,
        cause_name(m->word[2]), (unsigned long)m->word[2], (unsigned long)m->word[1],
        (unsigned long)m->word[0]);
    *m = (struct message){.tag = (uint64_t)ANSWER_KEEP_STOPPED << TAG_ANSWER_SHIFT};
    sys_call(INIT_REPLY, m);
    fail(init, id);
}

static void start_first_process(struct init *init)
{
    struct sysctl_start_req req = {.epoch = 1};

    set_deadline(init, 0);
    init->is_up = true;
    PEER_POST(&init->peer[SRV_PROC], sysctl, start, &req, (struct peer_target){0});
}

static void on_ready(struct init *init, enum server_id id, int64_t status)
{
    if (status < 0) {
        tell(init, "%s cannot serve (error %ld)", server_info[id].name, (long)status);
        fail(init, id);
        return;
    }
    init->ready |= 1u << id;
    if (!init->is_up && init->ready == ALL_SERVERS)
        start_first_process(init);
    else if (!init->is_up && init->ready == init->started)
        die("the system cannot run without the servers that are missing");
}

static void on_request(struct init *init, enum server_id id, const struct ring_entry *e)
{
    struct peer *peer = &init->peer[id];

    switch (RING_OP(e->head)) {
    case sysctl_OP_ready:
        peer_answer(peer, e->head, 0, NULL, 0);
        on_ready(init, id, (int64_t)e->word[0]);
        return;
    case sysctl_OP_shutdown:
        peer_answer(peer, e->head, id == SRV_PROC ? 0 : ERR_PERM, NULL, 0);
        if (id == SRV_PROC)
            shut_down(init, e->word[0]);
        return;
    default:
        peer_answer(peer, e->head, ERR_BADMSG, NULL, 0);
    }
}

static void drain(struct init *init, enum server_id id)
{
    struct ring_entry e;
    int rc;

    while ((rc = peer_take(&init->peer[id], &e)) == 1)
        on_request(init, id, &e);
    if (rc == ERR_DEAD) {
        tell(init, "%s broke the protocol of its ring", server_info[id].name);
        fail(init, id);
    }
}

static void on_timeout(struct init *init)
{
    if (!init->is_up && init->shutdown.step == SHUTDOWN_IDLE) {
        for (enum server_id id = SRV_INIT + 1; id < SRV_COUNT; id++)
            if (init->started & ~init->ready & 1u << id)
                say("%s is not ready after %u seconds", server_info[id].name, READY_SECONDS);
        die("the system does not start");
    }
    say("%s does not finish its work", server_info[init->shutdown.server].name);
    if (shutdown_gave_up(&init->shutdown, init->dead))
        do_step(init);
}

static void on_notified(struct init *init, uint64_t bits)
{
    for (enum server_id id = SRV_INIT + 1; id < SRV_COUNT; id++)
        if (bits & NOTIFY_PEER(id) & init->started)
            drain(init, id);
    if (bits & NOTIFY_TIMER)
        on_timeout(init);
}

static void signal_due(struct init *init)
{
    init->any_due = false;
    for (enum server_id id = SRV_INIT + 1; id < SRV_COUNT; id++) {
        if (!init->peer[id].is_due)
            continue;
        init->peer[id].is_due = false;
        sys_signal(INIT_PEER + id);
    }
}

static void attach_peers(struct init *init)
{
    struct ring ring;

    for (enum server_id id = SRV_INIT + 1; id < SRV_COUNT; id++) {
        ring_attach(&ring, init->ring[id][0], init->ring[id][1], 1);
        peer_attach(&init->peer[id], &ring, init->pending[id], INIT_REQUESTS);
        init->peer[id].any_due = &init->any_due;
    }
}

void run(struct init *init)
{
    struct message m;

    attach_peers(init);
    set_deadline(init, READY_SECONDS);
    for (enum server_id id = SRV_INIT + 1; id < SRV_COUNT; id++)
        if (init->started & 1u << id)
            server_start(init, id);
    for (;;) {
        if (init->any_due)
            signal_due(init);
        if (sys_recv(INIT_REPLY, INIT_ENDPOINT, &m) < 0)
            continue;
        if (m.tag & TAG_NOTIFIED)
            on_notified(init, m.word[0]);
        else
            on_fault(init, &m);
    }
}
