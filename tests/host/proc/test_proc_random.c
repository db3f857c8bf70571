/* Random life: processes fork, exec, exit, wait, signal, stop each other and sleep, peers answer late,
 * out of order and with errors. After every step everything that can be counted is; what wait tells is
 * compared with what the test knows of each child's end. */
#include "scene.h"
#include <stdlib.h>
#include <proto/procfs.h>

#define STEPS 40000
#define NSLOTS 24u

static uint64_t seed;
static uint64_t any(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

/* How each pid ended, as far as it is certain: its own exit while no signal was on its way. */
static struct {
    bool exited, told;
    uint32_t status;
} known[PID_MAX + 1];

/* --- what must always hold ------------------------------------------------------------------- */

static unsigned count_children(const struct process *p)
{
    const struct process *before = NULL;
    unsigned n = 0;

    for (const struct process *c = p->child; c; before = c, c = c->next_sibling, n++) {
        assert_ptr_equal(c->parent, p);
        assert_ptr_equal(c->prev_sibling, before);
        assert_int_not_equal(c->life, LIFE_FREE);
    }
    return n;
}

static unsigned posts_about(const struct process *p)
{
    unsigned n = 0;

    for (unsigned i = 0; i < fake.nposts; i++)
        n += fake.post[i].p == p;
    return n;
}

static void check_thread(const struct process *p)
{
    const struct fake_thread *t = fake_thread(p);

    assert_true(t->prepared);
    if (p->doomed)
        assert_int_equal(t->state, THREAD_STOPPED);
    else if (p->parked)
        assert_int_equal(t->state, THREAD_CALLING);
    else if (t->state == THREAD_CALLING)
        assert_true(t->in_files);
    if (p->thread_stopped)
        assert_int_equal(t->state, THREAD_STOPPED);
    /* A signal that could be delivered is only kept while that is not possible. */
    if (!p->doomed && !p->stopped && (p->pending & ~p->mask))
        assert_true(p->retry.at != 0);
}

static void check_process(const struct process *p)
{
    assert_ptr_equal(table_find(&service, p->pid), p);
    assert_int_equal(p->outstanding, posts_about(p));
    assert_int_equal(p->op == OP_NONE, p->outstanding == 0);
    if (p->life == LIFE_ALIVE)
        check_thread(p);
    if (p->life == LIFE_ZOMBIE) {
        assert_false(p->adopted);
        assert_false(fake_thread(p)->prepared);
        assert_null(p->child);
    }
    if (p->life != LIFE_ALIVE)
        assert_true(p->park_timer.at == 0 && p->retry.at == 0 && p->intervals[0].deadline.at == 0 &&
                    p->intervals[1].deadline.at == 0 && p->intervals[2].deadline.at == 0 &&
                    p->ntimers == 0);
    if (p->life == LIFE_ENDING || p->life == LIFE_ZOMBIE)
        assert_true(p->nqueued == 0 && p->pending == 0);
    if (p->forking) {
        assert_int_equal(p->life, LIFE_ALIVE);
        assert_int_equal(p->forking->life, LIFE_EMBRYO);
        assert_ptr_equal(p->forking->parent, p);
    }
}

/* What waits with what it tells: => how many of p's. */
static unsigned count_queued(const struct process *p)
{
    uint64_t seen = 0;
    unsigned n = 0;

    for (uint16_t i = p->queued_first; i; i = service.queued[i].next, n++) {
        uint64_t bit = SIGNAL_BIT(service.queued[i].info.signal);

        assert_true(p->pending & bit);
        assert_true(service.queued[i].info.signal >= SIGNAL_RT || !(seen & bit));
        seen |= bit;
    }
    assert_int_equal(n, p->nqueued);
    return n;
}

static void check_pools(unsigned queued, unsigned owned)
{
    unsigned nfree = 0, timers = 0;

    for (uint16_t i = service.queued_free; i; i = service.queued[i].next)
        nfree++;
    assert_int_equal(nfree + queued, SIGNAL_POOL);
    for (unsigned i = 0; i < TIMER_POOL; i++) {
        timers += service.timer[i].owner != NULL;
        assert_true(service.timer[i].owner || service.timer[i].deadline.at == 0);
    }
    assert_int_equal(timers, owned);
}

static void check_all(void)
{
    unsigned used = 0, children = 0, queued = 0, timers = 0;
    uint64_t last = 0;

    TABLE_EACH(&service, p) {
        used++;
        children += count_children(p);
        queued += count_queued(p);
        timers += p->ntimers;
        check_process(p);
    }
    check_pools(queued, timers);
    assert_int_equal(used, service.nused);
    assert_int_equal(children + 1, used);
    for (const struct deadline *d = service.timers.first; d; d = d->next) {
        assert_true(d->at >= last);
        last = d->at;
    }
}

/* --- what happens ---------------------------------------------------------------------------- */

static struct process *any_alive(void)
{
    for (int tries = 0; tries < 40; tries++) {
        struct process *p = &service.process[any(NSLOTS)];

        if (p->life == LIFE_ALIVE)
            return p;
    }
    return first;
}

static struct process *any_free_to_call(void)
{
    struct process *p = any_alive();

    return p->life == LIFE_ALIVE && fake_thread(p)->state == THREAD_USER ? p : NULL;
}

static void heard(struct process *parent, uint64_t pid, uint64_t status)
{
    if (pid == 0 || (status & 0xff) == 0x7f || status == 0xffff)
        return;
    assert_false(known[pid].told);
    known[pid].told = true;
    if (known[pid].exited)
        assert_int_equal(status, known[pid].status);
}

static bool waits[POOL_SLOTS]; /* parked in wait by step_wait */

static void step_wait(struct process *p)
{
    int rc = CALL(p, wait, any(3) ? (uint64_t)-1 : 1 + any(60), 4 + any(2) * 11);

    if (rc == 0)
        heard(p, fake_thread(p)->word[0], fake_thread(p)->word[1]);
    else if (rc == PARKED)
        waits[p - service.process] = true;
    else
        assert_int_equal(rc, ERR_CHILD);
}

/* Those whose wait was answered meanwhile. */
static void hear_answers(void)
{
    for (unsigned i = 0; i < NSLOTS; i++) {
        struct process *p = &service.process[i];

        if (!waits[i] || (p->life == LIFE_ALIVE && p->parked == PARK_WAIT))
            continue;
        waits[i] = false;
        if (p->life == LIFE_ALIVE && fake.thread[i].answer == 0 && fake.thread[i].state == THREAD_USER)
            heard(p, fake.thread[i].word[0], fake.thread[i].word[1]);
    }
}

static void step_exit(struct process *p)
{
    uint32_t code = (uint32_t)any(256);

    if (p == first)
        return;
    known[p->pid].exited = true;
    known[p->pid].status = code << 8;
    known[p->pid].told = false;
    CALL(p, exit, code);
}

static unsigned any_signal(void)
{
    static const uint8_t common[] = {SIG_TERM, SIG_INT, SIG_STOP, SIG_CONT, SIG_CHLD, SIG_ALRM,
                                     SIG_KILL, SIG_TSTP};

    return any(4) ? common[any(sizeof common)] : 1 + (unsigned)any(63);
}

static bool is_deadly_for_first(unsigned signal)
{
    return signal == SIG_KILL || signal == SIG_STOP || first->action[signal].disposition == SIG_DEFAULT;
}

static void step_kill(struct process *p)
{
    struct process *target = any_alive();
    unsigned signal = any_signal();

    if (target == first && is_deadly_for_first(signal))
        return;
    if (any(4) == 0)
        CALL(p, sigqueue, target->pid, signal, any(1000));
    else if (any(8) == 0 && target->pgid != first->pgid)
        CALL(p, kill, (uint64_t)-(int64_t)target->pgid, signal);
    else
        CALL(p, kill, target->pid, signal);
}

static void step_timer(struct process *p)
{
    switch (any(4)) {
    case 0:
        CALL(p, timer_create, any(3) ? any(64) : 0, any(100), 0);
        break;
    case 1:
        CALL(p, timer_delete, any(TIMER_POOL / 4));
        break;
    case 2:
        CALL(p, timer_get, any(TIMER_POOL / 4));
        break;
    default:
        CALL(p, timer_set, any(TIMER_POOL / 4), any(3) ? fake.now + any(60) : 0, any(2) * any(40));
    }
}

static void step_settings(struct process *p)
{
    switch (any(7)) {
    case 0:
        if (p != first)
            CALL(p, sigaction, 1 + any(63), any(3), any(128), any(1ul << 63));
        break;
    case 1:
        CALL(p, sigmask, any(3), any(1ul << 63));
        break;
    case 2:
        CALL(p, sigreturn, any(2) ? 0 : any(1ul << 63));
        break;
    case 3:
        CALL(p, setpgid, 0, any(2) ? 0 : any_alive()->pgid);
        break;
    case 4:
        if (p != first)
            CALL(p, itimer, any(3), any(50), any(2) * any(40));
        break;
    case 5:
        if (p != first)
            step_timer(p);
        break;
    default:
        CALL(p, signal_entry, 0x4000);
    }
}

static void step_block(struct process *p)
{
    switch (any(5)) {
    case 0:
        CALL(p, sleep, fake.now + any(60), any(2));
        break;
    case 1:
        if (p != first)
            CALL(p, sigsuspend, any(1ul << 63));
        break;
    case 2:
        CALL(p, sigwait, any(1ul << 63), fake.now + any(60));
        break;
    case 3:
        fake_thread(p)->state = THREAD_CALLING;
        fake_thread(p)->in_files = true;
        break;
    default:
        CALL(p, exec, 0x40000000, 4096, 3, 0);
    }
}

static void step_call(void)
{
    struct process *p = any_free_to_call();
    unsigned what = (unsigned)any(100);

    if (p == NULL)
        return;
    if (what < 30)
        CALL(p, fork, 0);
    else if (what < 45)
        step_wait(p);
    else if (what < 55)
        step_exit(p);
    else if (what < 75)
        step_kill(p);
    else if (what < 90)
        step_settings(p);
    else
        step_block(p);
}

/* Errors only where a peer may refuse. */
static void step_complete(void)
{
    unsigned i = (unsigned)any(fake.nposts);
    const struct process *p = fake.post[i].p;
    bool may_fail = p && (p->op == OP_MAKE || p->op == OP_EXEC_MEMORY);

    fake_complete(i, may_fail && any(6) == 0 ? ERR_NOMEM : 0);
}

static void files_answer(struct process *p)
{
    fake_thread(p)->state = THREAD_USER;
    fake_thread(p)->in_files = false;
    fake_thread(p)->upcall_pending = false;
}

/* fs answers a call; time passes. */
static void step_world(void)
{
    struct process *p = any_alive();

    if (fake_thread(p)->in_files && !p->doomed && any(2))
        files_answer(p);
    fake.now += any(20);
    calls_tick(&service);
}

static void end_everybody(void)
{
    if (fake_thread(first)->in_files)
        files_answer(first);
    for (int rounds = 0; rounds < 100 && service.nused > 1; rounds++) {
        TABLE_EACH(&service, p)
            if (p != first && p->life == LIFE_ALIVE)
                signal_send(&service, p, &(struct signal_info){.signal = SIG_KILL});
        fake_settle();
        hear_answers();
        while (fake_thread(first)->state == THREAD_USER && first->child &&
               CALL(first, wait, (uint64_t)-1, 5) == 0 && fake_thread(first)->word[0])
            ;
        fake.now += 1000;
        calls_tick(&service);
    }
    assert_int_equal(service.nused, 1);
}

static void nothing_gets_lost(void **state)
{
    const char *text = getenv("SEED");

    seed = text ? strtoull(text, NULL, 0) : 0x243f6a8885a308d3;
    print_message("SEED=%#llx\n", (unsigned long long)seed);
    service.nslots = NSLOTS;
    CALL(first, sigaction, SIG_ALRM, SIG_IGNORED);
    for (int i = 0; i < STEPS; i++) {
        if (fake.nposts && any(3) == 0)
            step_complete();
        else if (any(6) == 0)
            step_world();
        else
            step_call();
        hear_answers();
        check_all();
        assert_int_equal(fake.shutdowns, 0);
    }
    end_everybody();
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(nothing_gets_lost)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
