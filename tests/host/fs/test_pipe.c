/* Pipes against a naive model: several pipes share the pool, and after every step the bytes, the
 * room and the pool's promises are checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <servers/fs/pipe.h>
#include <tests/host/lib/random.h>

#define PIPES 12u
#define PAGES 144u
#define STEPS 60000u

struct model {
    uint8_t bytes[PIPE_CAPACITY];
    uint32_t len;
};

static struct pipe_pool pool;
static uint8_t memory[PAGES * PIPE_PAGE];
static struct pipe pipes[PIPES];
static struct model models[PIPES];

static void check(void)
{
    uint32_t empty = 0, used = 0, pages = 0;
    for (uint32_t i = 0; i < PIPES; i++) {
        used += pipes[i].is_used;
        empty += pipes[i].is_used && pipes[i].len == 0;
        assert_int_equal(pipes[i].len, models[i].len);
        if (pipes[i].len > 0)
            pages += (pipes[i].get + pipes[i].len - 1) / PIPE_PAGE - pipes[i].get / PIPE_PAGE + 1;
        if (pipes[i].is_used && pipes[i].len == 0)
            assert_true(pipe_room(&pool, &pipes[i]) >= PIPE_PAGE);
        if (pipes[i].is_used)
            assert_true(pipe_room(&pool, &pipes[i]) + pipes[i].len <= PIPE_CAPACITY);
    }
    assert_int_equal(pool.nempty, empty);
    assert_int_equal(pool.nfree + pages, PAGES);
    assert_true(pool.nfree >= pool.nempty);
}

static void put(uint32_t i)
{
    uint8_t bytes[6000];
    uint32_t room = pipe_room(&pool, &pipes[i]), len = (uint32_t)random_below(sizeof bytes);
    len = len < room ? len : room;
    for (uint32_t k = 0; k < len; k++)
        bytes[k] = (uint8_t)random_below(256);
    pipe_put(&pool, &pipes[i], bytes, len);
    memcpy(models[i].bytes + models[i].len, bytes, len);
    models[i].len += len;
}

static void get(uint32_t i)
{
    uint8_t bytes[9000];
    uint32_t max = (uint32_t)random_below(sizeof bytes);
    uint32_t want = max < models[i].len ? max : models[i].len;
    assert_int_equal(pipe_get(&pool, &pipes[i], bytes, max), want);
    assert_memory_equal(bytes, models[i].bytes, want);
    models[i].len -= want;
    memmove(models[i].bytes, models[i].bytes + want, models[i].len);
}

/* A held piece, in parts, taken back now and then. */
static void hold(uint32_t i)
{
    uint8_t bytes[4096];
    uint32_t room = pipe_room(&pool, &pipes[i]), len = 1 + (uint32_t)random_below(sizeof bytes);
    uint32_t first = (uint32_t)random_below(len), before = pipe_ready(&pipes[i]);
    if (len > room)
        return;
    for (uint32_t k = 0; k < len; k++)
        bytes[k] = (uint8_t)random_below(256);
    pipe_hold(&pool, &pipes[i], 1, len);
    pipe_fill(&pool, &pipes[i], bytes, first);
    assert_int_equal(pipe_ready(&pipes[i]), before);
    if (random_below(3) == 0)
        get(i);
    if (random_below(3) == 0) {
        pipe_drop_held(&pool, &pipes[i]);
        return;
    }
    pipe_fill(&pool, &pipes[i], bytes + first, len - first);
    memcpy(models[i].bytes + models[i].len, bytes, len);
    models[i].len += len;
}

static void bytes_come_out_as_they_went_in(void **state)
{
    pipe_pool_init(&pool, memory, PAGES);
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t i = (uint32_t)random_below(PIPES);
        if (!pipes[i].is_used)
            assert_true(pipe_open(&pool, &pipes[i]));
        else if (random_below(200) == 0)
            pipe_close(&pool, &pipes[i]), models[i].len = 0;
        else if (random_below(10) == 0)
            hold(i);
        else if (random_below(100) < (step / 5000 % 2 ? 60u : 40u))
            put(i);
        else
            get(i);
        check();
    }
}

static void an_empty_pipe_takes_its_whole_capacity(void **state)
{
    static uint8_t bytes[PIPE_CAPACITY];
    struct pipe pipe;
    pipe_pool_init(&pool, memory, PAGES);
    assert_true(pipe_open(&pool, &pipe));
    assert_int_equal(pipe_room(&pool, &pipe), PIPE_CAPACITY);
    pipe_put(&pool, &pipe, bytes, PIPE_CAPACITY);
    assert_int_equal(pipe_room(&pool, &pipe), 0);
    assert_int_equal(pipe_get(&pool, &pipe, bytes, 1), 1);
    pipe_close(&pool, &pipe);
    assert_int_equal(pool.nfree, PAGES);
}

static void every_pipe_has_a_page_to_come(void **state)
{
    struct pipe pipe[3];
    pipe_pool_init(&pool, memory, 2);
    assert_true(pipe_open(&pool, &pipe[0]) && pipe_open(&pool, &pipe[1]));
    assert_false(pipe_open(&pool, &pipe[2]));
    assert_int_equal(pipe_room(&pool, &pipe[0]), PIPE_PAGE);
    pipe_put(&pool, &pipe[0], memory, PIPE_PAGE);
    assert_int_equal(pipe_room(&pool, &pipe[0]), 0);
    assert_int_equal(pipe_room(&pool, &pipe[1]), PIPE_PAGE);
    pipe_close(&pool, &pipe[0]);
    assert_true(pipe_open(&pool, &pipe[2]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_out_as_they_went_in),
        cmocka_unit_test(an_empty_pipe_takes_its_whole_capacity),
        cmocka_unit_test(every_pipe_has_a_page_to_come),
    };
    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
