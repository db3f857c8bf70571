/* The policies: a trace-driven simulator that runs the very files of the target, with Belady's OPT as
 * bound and naive models beside; what the interface promises, for each of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <servers/pager/policy/policy.h>

#define FRAMES 64u
#define PAGES 256u
#define LENGTH 4000u

static uint32_t rng;

static uint32_t below(uint32_t n)
{
    rng = rng * 1664525u + 1013904223u;
    return (rng >> 8) % n;
}

/* A machine with one policy: which page each frame holds, and back. */
struct sim {
    const struct policy_ops *ops;
    void *self;
    uint32_t nframes, used;
    uint32_t page_of[FRAMES], frame_of[PAGES];
    uint32_t faults;
    uint32_t victims[LENGTH], nvictims;
};

static void sim_start(struct sim *s, const struct policy_ops *ops, uint32_t nframes)
{
    memset(s, 0, sizeof *s);
    s->ops = ops;
    s->nframes = nframes;
    s->self = calloc(1, ops->bytes(nframes));
    ops->init(s->self, nframes);
    memset(s->frame_of, 0xff, sizeof s->frame_of);
}

static uint32_t sim_frame(struct sim *s)
{
    if (s->used < s->nframes)
        return s->used++;
    uint32_t frame = s->ops->victim(s->self);
    assert_true(frame < s->nframes);
    s->victims[s->nvictims++] = s->page_of[frame];
    s->ops->remove(s->self, frame, true);
    s->frame_of[s->page_of[frame]] = POLICY_NONE;
    return frame;
}

static void sim_access(struct sim *s, uint32_t page)
{
    if (s->frame_of[page] != POLICY_NONE) {
        s->ops->touched(s->self, s->frame_of[page]);
        return;
    }
    s->faults++;
    uint32_t frame = sim_frame(s);
    s->frame_of[page] = frame;
    s->page_of[frame] = page;
    s->ops->insert(s->self, frame, (struct policy_page){1, page}, POLICY_FAULT_FILE);
}

static uint32_t sim_run(struct sim *s, const uint32_t *trace, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        sim_access(s, trace[i]);
        if (i % 32 == 31)
            s->ops->tick(s->self);
    }
    return s->faults;
}

static uint32_t faults_of(const struct policy_ops *ops, uint32_t nframes, const uint32_t *trace,
                          uint32_t n)
{
    struct sim s;
    sim_start(&s, ops, nframes);
    uint32_t faults = sim_run(&s, trace, n);
    free(s.self);
    return faults;
}

/* Belady: give up what is needed last. */
static uint32_t opt(uint32_t nframes, const uint32_t *trace, uint32_t n)
{
    uint32_t in[FRAMES], used = 0, faults = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t hit = 0, best = 0, far = 0;
        while (hit < used && in[hit] != trace[i])
            hit++;
        if (hit < used)
            continue;
        faults++;
        if (used < nframes) {
            in[used++] = trace[i];
            continue;
        }
        for (uint32_t f = 0; f < used; f++) {
            uint32_t next = i + 1;
            while (next < n && trace[next] != in[f])
                next++;
            if (next > far) {
                far = next;
                best = f;
            }
        }
        in[best] = trace[i];
    }
    return faults;
}

/* Most accesses to a small hot set, the rest anywhere. */
static void skewed_trace(uint32_t *trace)
{
    for (uint32_t i = 0; i < LENGTH; i++)
        trace[i] = below(10) < 8 ? below(20) : below(PAGES);
}

static void no_policy_beats_opt_and_recency_pays_on_a_skewed_trace(void **state)
{
    uint32_t trace[LENGTH];
    for (rng = 1; rng < 6; rng++) {
        uint32_t seed = rng;
        skewed_trace(trace);
        uint32_t best = opt(32, trace, LENGTH);
        for (const struct policy_ops *const *p = policy_all; *p != NULL; p++)
            assert_true(faults_of(*p, 32, trace, LENGTH) >= best);
        assert_true(faults_of(&policy_clock, 32, trace, LENGTH) <
                    faults_of(&policy_fifo, 32, trace, LENGTH));
        assert_true(faults_of(&policy_aging, 32, trace, LENGTH) <
                    faults_of(&policy_fifo, 32, trace, LENGTH));
        rng = seed;
    }
}

static void fifo_shows_beladys_anomaly(void **state)
{
    const uint32_t trace[] = {1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};
    assert_int_equal(faults_of(&policy_fifo, 3, trace, 12), 9);
    assert_int_equal(faults_of(&policy_fifo, 4, trace, 12), 10);
}

static void fifo_gives_up_in_order_of_arrival(void **state)
{
    uint32_t trace[LENGTH], arrived[LENGTH], n = 0;
    struct sim s;
    rng = 7;
    skewed_trace(trace);
    sim_start(&s, &policy_fifo, 16);
    for (uint32_t i = 0; i < LENGTH; i++) {
        if (s.frame_of[trace[i]] == POLICY_NONE)
            arrived[n++] = trace[i];
        sim_access(&s, trace[i]);
    }
    for (uint32_t i = 0; i < s.nvictims; i++)
        assert_int_equal(s.victims[i], arrived[i]);
    free(s.self);
}

/* The textbook's clock over an array. */
static uint32_t naive_clock(uint32_t nframes, const uint32_t *trace, uint32_t n, uint32_t *victims)
{
    uint32_t page[FRAMES], used = 0, hand = 0, nvictims = 0;
    bool ref[FRAMES];
    for (uint32_t i = 0; i < n; i++) {
        uint32_t f = 0;
        while (f < used && page[f] != trace[i])
            f++;
        if (f < used) {
            ref[f] = true;
            continue;
        }
        if (used < nframes) {
            f = used++;
        } else {
            while (ref[hand]) {
                ref[hand] = false;
                hand = (hand + 1) % nframes;
            }
            f = hand;
            hand = (hand + 1) % nframes;
            victims[nvictims++] = page[f];
        }
        page[f] = trace[i];
        ref[f] = false;
    }
    return nvictims;
}

static void clock_does_what_the_textbook_says(void **state)
{
    uint32_t trace[LENGTH], want[LENGTH];
    for (uint32_t seed = 1; seed < 8; seed++) {
        struct sim s;
        rng = seed;
        skewed_trace(trace);
        sim_start(&s, &policy_clock, 24);
        sim_run(&s, trace, LENGTH);
        assert_int_equal(s.nvictims, naive_clock(24, trace, LENGTH, want));
        assert_memory_equal(s.victims, want, s.nvictims * sizeof *want);
        free(s.self);
    }
}

static void aging_prefers_what_was_unused_longest(void **state)
{
    struct sim s;
    sim_start(&s, &policy_aging, 8);
    for (uint32_t page = 0; page < 8; page++)
        sim_access(&s, page);
    for (uint32_t round = 0; round < 6; round++) {
        for (uint32_t page = 0; page < 8; page++)
            if (page != 3 && (page != 5 || round < 4))
                sim_access(&s, page);
        s.ops->tick(s.self);
    }
    assert_int_equal(s.page_of[s.ops->victim(s.self)], 3);
    s.ops->remove(s.self, s.frame_of[3], true);
    assert_int_equal(s.page_of[s.ops->victim(s.self)], 5);
    free(s.self);
}

static void aging_spares_dirty_pages_among_equals(void **state)
{
    struct sim s;
    sim_start(&s, &policy_aging, 6);
    for (uint32_t page = 0; page < 6; page++)
        sim_access(&s, page);
    for (uint32_t page = 0; page < 6; page++)
        if (page != 4)
            s.ops->dirty(s.self, s.frame_of[page]);
    assert_int_equal(s.page_of[s.ops->victim(s.self)], 4);
    free(s.self);
}

/* --- what each of them promises -------------------------------------------------------------------- */

static void victims_are_members_through_random_hints(void **state)
{
    for (const struct policy_ops *const *p = policy_all; *p != NULL; p++) {
        void *self = calloc(1, (*p)->bytes(FRAMES));
        bool in[FRAMES] = {false};
        uint32_t count = 0;
        (*p)->init(self, FRAMES);
        rng = 99;
        for (uint32_t i = 0; i < 20000; i++) {
            uint32_t frame = below(FRAMES), victim;
            switch (below(6)) {
            case 0:
                if (!in[frame])
                    (*p)->insert(self, frame, (struct policy_page){2, i},
                                 (enum policy_reason)below(6));
                count += !in[frame];
                in[frame] = true;
                break;
            case 1:
                if (in[frame])
                    (*p)->remove(self, frame, below(2));
                count -= in[frame];
                in[frame] = false;
                break;
            case 2:
                if (in[frame])
                    (*p)->touched(self, frame);
                break;
            case 3:
                if (in[frame])
                    (*p)->dirty(self, frame);
                break;
            case 4:
                (*p)->tick(self);
                break;
            default:
                victim = (*p)->victim(self);
                assert_true(count == 0 ? victim == POLICY_NONE : victim < FRAMES && in[victim]);
                if (count > 0 && below(2))
                    (*p)->rejected(self, victim);
            }
        }
        free(self);
    }
}

static void a_rejected_frame_is_not_named_again_at_once(void **state)
{
    for (const struct policy_ops *const *p = policy_all; *p != NULL; p++) {
        struct sim s;
        sim_start(&s, *p, 16);
        for (uint32_t page = 0; page < 16; page++)
            sim_access(&s, page);
        for (uint32_t i = 0; i < 200; i++) {
            uint32_t frame = (*p)->victim(s.self);
            (*p)->rejected(s.self, frame);
            assert_int_not_equal((*p)->victim(s.self), frame);
        }
        free(s.self);
    }
}

static void coldest_names_every_frame_once_the_victim_first(void **state)
{
    for (const struct policy_ops *const *p = policy_all; *p != NULL; p++) {
        struct sim s;
        uint32_t trace[LENGTH], order[FRAMES];
        bool seen[FRAMES] = {false};
        rng = 3;
        skewed_trace(trace);
        sim_start(&s, *p, FRAMES);
        sim_run(&s, trace, LENGTH);
        assert_int_equal((*p)->coldest(s.self, order, FRAMES), s.used);
        for (uint32_t i = 0; i < s.used; i++) {
            assert_false(seen[order[i]]);
            seen[order[i]] = true;
        }
        if (*p != &policy_aging) /* which looks at a sample */
            assert_int_equal((*p)->victim(s.self), order[0]);
        assert_int_equal((*p)->coldest(s.self, order, 5), 5);
        free(s.self);
    }
}

static void an_order_survives_the_hand_over_to_every_other_policy(void **state)
{
    for (const struct policy_ops *const *from = policy_all; *from != NULL; from++)
        for (const struct policy_ops *const *to = policy_all; *to != NULL; to++) {
            struct sim s;
            uint32_t trace[LENGTH], order[FRAMES], again[FRAMES], n;
            rng = 5;
            skewed_trace(trace);
            sim_start(&s, *from, FRAMES);
            sim_run(&s, trace, LENGTH);
            n = (*from)->coldest(s.self, order, FRAMES);
            void *next = calloc(1, (*to)->bytes(FRAMES));
            (*to)->init(next, FRAMES);
            for (uint32_t i = 0; i < n; i++)
                (*to)->insert(next, order[i], (struct policy_page){1, i}, POLICY_HANDOVER);
            assert_int_equal((*to)->coldest(next, again, FRAMES), n);
            if (*to != &policy_aging) {
                assert_memory_equal(order, again, n * sizeof *order);
            } else { /* eight steps: the coldest quarter stays in the colder half */
                for (uint32_t i = 0; i < n / 4; i++) {
                    uint32_t at = 0;
                    while (again[at] != order[i])
                        at++;
                    assert_true(at < n / 2);
                }
            }
            free(next);
            free(s.self);
        }
}

static void two_instances_do_not_know_of_each_other(void **state)
{
    for (const struct policy_ops *const *p = policy_all; *p != NULL; p++) {
        uint32_t trace[LENGTH], alone;
        struct sim a, b;
        rng = 11;
        skewed_trace(trace);
        alone = faults_of(*p, 20, trace, LENGTH);
        sim_start(&a, *p, 20);
        sim_start(&b, *p, 50);
        for (uint32_t i = 0; i < LENGTH; i++) {
            sim_access(&a, trace[i]);
            sim_access(&b, trace[LENGTH - 1 - i]);
            if (i % 32 == 31)
                (*p)->tick(a.self);
        }
        assert_int_equal(a.faults, alone);
        free(a.self);
        free(b.self);
    }
}

static void policies_are_found_by_name_and_describe_themselves(void **state)
{
    char text[100];
    assert_ptr_equal(policy_find("fifo", 4), &policy_fifo);
    assert_ptr_equal(policy_find("aging and more", 5), &policy_aging);
    assert_null(policy_find("fif", 3));
    assert_null(policy_find("", 0));
    for (const struct policy_ops *const *p = policy_all; *p != NULL; p++) {
        void *self = calloc(1, (*p)->bytes(FRAMES));
        (*p)->init(self, FRAMES);
        assert_true((*p)->bytes(FRAMES) <= policy_bytes(FRAMES));
        assert_true((*p)->describe(self, text, sizeof text) > strlen((*p)->name));
        assert_memory_equal(text, (*p)->name, strlen((*p)->name));
        assert_int_equal((*p)->victim(self), POLICY_NONE);
        assert_true((*p)->read_around(self, (struct policy_page){1, 1}, 16) <= 16);
        free(self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_policy_beats_opt_and_recency_pays_on_a_skewed_trace),
        cmocka_unit_test(fifo_shows_beladys_anomaly),
        cmocka_unit_test(fifo_gives_up_in_order_of_arrival),
        cmocka_unit_test(clock_does_what_the_textbook_says),
        cmocka_unit_test(aging_prefers_what_was_unused_longest),
        cmocka_unit_test(aging_spares_dirty_pages_among_equals),
        cmocka_unit_test(victims_are_members_through_random_hints),
        cmocka_unit_test(a_rejected_frame_is_not_named_again_at_once),
        cmocka_unit_test(coldest_names_every_frame_once_the_victim_first),
        cmocka_unit_test(an_order_survives_the_hand_over_to_every_other_policy),
        cmocka_unit_test(two_instances_do_not_know_of_each_other),
        cmocka_unit_test(policies_are_found_by_name_and_describe_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
