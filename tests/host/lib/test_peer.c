/* Two peers over a pair of rings: every request ends exactly once, with its own answer, whatever the
 * order; credit, overflow, and a peer that breaks the protocol in every way that peer.h names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include <lib/server/peer.h>
#include "random.h"

#define CAPACITY 40u
#define HELD_MAX 64u

struct side {
    struct peer peer;
    struct peer_pending table[CAPACITY];
    uint64_t head[HELD_MAX], value[HELD_MAX]; /* requests taken, not answered */
    unsigned nheld;
    uint64_t nposted, ndone, nfailed;
    bool outstanding[1 << 16]; /* by argument modulo 2^16 */
};

static struct ring_page page[2];
static struct side side[2];

static int setup(void **state)
{
    (void)state;
    memset(page, 0, sizeof page);
    memset(side, 0, sizeof side);
    for (unsigned i = 0; i < 2; i++) {
        struct ring ring;

        ring_attach(&ring, &page[i], &page[1 - i], 1);
        peer_attach(&side[i].peer, &ring, side[i].table, CAPACITY);
    }
    return 0;
}

static void on_done(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    struct side *s = self;

    assert_true(s->outstanding[arg & 0xffff]);
    s->outstanding[arg & 0xffff] = false;
    s->ndone++;
    if (status == ERR_DEAD) {
        s->nfailed++;
        return;
    }
    assert_int_equal(status, arg % 5 == 0 ? ERR_IO : 0);
    if (status == 0)
        assert_int_equal(rep[0], arg * 3);
}

static int post(struct side *s)
{
    uint64_t words[2] = {s->nposted, ~s->nposted};
    struct peer_target target = {on_done, s, s->nposted};
    int rc = peer_post(&s->peer, 1 + s->nposted % 7, words, 2, target);

    if (rc == 0)
        s->outstanding[s->nposted++ & 0xffff] = true;
    return rc;
}

static int take(struct side *s)
{
    struct ring_entry e;
    int rc = peer_take(&s->peer, &e);

    if (rc == 1) {
        assert_int_equal(e.word[1], ~e.word[0]);
        assert_int_equal(RING_OP(e.head), 1 + e.word[0] % 7);
        s->head[s->nheld] = e.head;
        s->value[s->nheld++] = e.word[0];
    }
    return rc;
}

static void answer(struct side *s, unsigned which)
{
    uint64_t rep[1] = {s->value[which] * 3};

    peer_answer(&s->peer, s->head[which], s->value[which] % 5 ? 0 : ERR_IO, rep, 1);
    s->nheld--;
    s->head[which] = s->head[s->nheld];
    s->value[which] = s->value[s->nheld];
}

static void assert_sane(const struct side *s)
{
    assert_false(s->peer.ring.is_dead);
    assert_true(s->peer.nsent <= RING_CREDIT);
    assert_int_equal(s->nposted - s->ndone, CAPACITY - s->peer.nfree);
    assert_true(s->nheld <= RING_CREDIT);
    assert_int_equal(s->nheld, s->peer.nowed);
}

static void every_request_ends_once_with_its_own_answer(void **state)
{
    (void)state;
    random_start();
    for (unsigned step = 0; step < 200000; step++) {
        struct side *s = &side[random_below(2)];

        switch (random_below(3)) {
        case 0:
            assert_int_equal(post(s), s->nposted - s->ndone >= CAPACITY ? ERR_AGAIN : 0);
            break;
        case 1:
            take(s);
            break;
        default:
            if (s->nheld)
                answer(s, (unsigned)random_below(s->nheld));
        }
        assert_sane(s);
    }
    assert_true(side[0].ndone > 1000 && side[1].ndone > 1000);
    for (unsigned round = 0; round < 200; round++) {
        for (unsigned i = 0; i < 2; i++) {
            while (take(&side[i]) == 1)
                ;
            while (side[i].nheld)
                answer(&side[i], 0);
        }
    }
    assert_int_equal(side[0].ndone, side[0].nposted);
    assert_int_equal(side[1].ndone, side[1].nposted);
    assert_int_equal(side[0].nfailed, 0);
}

static void what_exceeds_the_credit_waits_its_turn(void **state)
{
    (void)state;
    for (unsigned i = 0; i < CAPACITY; i++)
        assert_int_equal(post(&side[0]), 0);
    assert_int_equal(post(&side[0]), ERR_AGAIN);
    assert_int_equal(page[0].produced, RING_CREDIT);
    assert_true(side[0].peer.is_due);
    for (unsigned i = 0; i < CAPACITY; i++) {
        assert_int_equal(take(&side[1]), 1);
        assert_int_equal(side[1].value[0], i);
        answer(&side[1], 0);
        assert_int_equal(take(&side[0]), 0);
    }
    assert_int_equal(side[0].ndone, CAPACITY);
    assert_int_equal(peer_room(&side[0].peer), CAPACITY);
}

static void answers_in_any_order_find_their_requests(void **state)
{
    (void)state;
    for (unsigned i = 0; i < RING_CREDIT; i++)
        post(&side[0]);
    while (take(&side[1]) == 1)
        ;
    while (side[1].nheld)
        answer(&side[1], side[1].nheld / 2);
    assert_int_equal(take(&side[0]), 0);
    assert_int_equal(side[0].ndone, RING_CREDIT);
}

/* The peer's side of the ring, used by hand. */
static void send_raw(uint64_t head)
{
    struct ring_entry e = {.head = head};

    assert_int_equal(ring_put(&side[1].peer.ring, &e), 0);
}

static void assert_dies_with(unsigned nfailed)
{
    assert_int_equal(take(&side[0]), ERR_DEAD);
    assert_int_equal(take(&side[0]), 0);
    assert_int_equal(side[0].nfailed, nfailed);
    assert_int_equal(post(&side[0]), ERR_DEAD);
    assert_int_equal(peer_room(&side[0].peer), CAPACITY);
}

static void answer_that_nobody_asked_for_kills_the_peer(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 35; i++)
        post(&side[0]);
    send_raw(RING_HEAD(1, 39) | RING_COMPLETION << 8);
    assert_dies_with(35);
}

static void answer_to_what_was_not_sent_yet_kills_the_peer(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 35; i++)
        post(&side[0]);
    send_raw(RING_HEAD(1 + 30 % 7, 30 | 1 << 16) | RING_COMPLETION << 8);
    assert_dies_with(35);
}

static void answer_beyond_the_table_kills_the_peer(void **state)
{
    (void)state;
    post(&side[0]);
    send_raw(RING_HEAD(1, CAPACITY) | RING_COMPLETION << 8);
    assert_dies_with(1);
}

static void second_answer_kills_the_peer(void **state)
{
    struct ring_entry e;

    (void)state;
    post(&side[0]);
    post(&side[0]);
    assert_int_equal(peer_take(&side[1].peer, &e), 1);
    peer_answer(&side[1].peer, e.head, ERR_IO, NULL, 0);
    send_raw((e.head & ~0xff00UL) | RING_COMPLETION << 8);
    assert_dies_with(1);
}

static void answer_to_an_earlier_life_of_a_place_kills_the_peer(void **state)
{
    struct ring_entry e, old;

    (void)state;
    post(&side[0]);
    assert_int_equal(peer_take(&side[1].peer, &old), 1);
    peer_answer(&side[1].peer, old.head, ERR_IO, NULL, 0);
    take(&side[0]);
    side[0].nposted = 7; /* the same operation again, in the same place */
    post(&side[0]);
    assert_int_equal(peer_take(&side[1].peer, &e), 1);
    assert_int_equal(RING_COOKIE(e.head) & 0xffff, RING_COOKIE(old.head) & 0xffff);
    send_raw(old.head | RING_COMPLETION << 8);
    assert_dies_with(1);
}

static void answer_to_another_operation_kills_the_peer(void **state)
{
    struct ring_entry e;

    (void)state;
    post(&side[0]);
    assert_int_equal(peer_take(&side[1].peer, &e), 1);
    send_raw((e.head ^ 2) | RING_COMPLETION << 8);
    assert_dies_with(1);
}

static void requests_beyond_the_credit_kill_the_peer(void **state)
{
    struct ring_entry e;

    (void)state;
    post(&side[0]);
    for (unsigned i = 0; i < RING_CREDIT; i++) {
        send_raw(RING_HEAD(1, i));
        assert_int_equal(peer_take(&side[0].peer, &e), 1);
    }
    send_raw(RING_HEAD(1, 99));
    assert_dies_with(1);
}

static struct side *again;

static void post_again(void *self, uint64_t arg, int status, const uint64_t *rep)
{
    (void)self;
    (void)status;
    (void)rep;
    if (arg < 100)
        assert_int_equal(peer_post(&again->peer, 1, rep, 1,
                                   (struct peer_target){post_again, NULL, arg + 1}), 0);
}

static void done_may_post_again(void **state)
{
    uint64_t word = 0;
    struct ring_entry e;
    unsigned n = 0;

    (void)state;
    again = &side[0];
    peer_post(&again->peer, 1, &word, 1, (struct peer_target){post_again, NULL, 0});
    while (peer_take(&side[1].peer, &e) == 1) {
        n++;
        peer_answer(&side[1].peer, e.head, 0, &word, 1);
        peer_take(&side[0].peer, &e);
    }
    assert_int_equal(n, 101);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_request_ends_once_with_its_own_answer, setup),
        cmocka_unit_test_setup(what_exceeds_the_credit_waits_its_turn, setup),
        cmocka_unit_test_setup(answers_in_any_order_find_their_requests, setup),
        cmocka_unit_test_setup(answer_that_nobody_asked_for_kills_the_peer, setup),
        cmocka_unit_test_setup(answer_to_what_was_not_sent_yet_kills_the_peer, setup),
        cmocka_unit_test_setup(answer_beyond_the_table_kills_the_peer, setup),
        cmocka_unit_test_setup(second_answer_kills_the_peer, setup),
        cmocka_unit_test_setup(answer_to_an_earlier_life_of_a_place_kills_the_peer, setup),
        cmocka_unit_test_setup(answer_to_another_operation_kills_the_peer, setup),
        cmocka_unit_test_setup(requests_beyond_the_credit_kill_the_peer, setup),
        cmocka_unit_test_setup(done_may_post_again, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
