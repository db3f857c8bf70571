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
#define STEPS 60000u

struct model {
    uint8_t bytes[PIPE_CAPACITY];
    uint32_t len;
};

static struct pipe_pool pool;
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
    assert_int_equal(pool.nfree + pages, PIPE_POOL_PAGES);
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

static void bytes_come_out_as_they_went_in(void **state)
{
    pipe_pool_init(&pool);
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t i = (uint32_t)random_below(PIPES);
        if (!pipes[i].is_used)
            pipe_open(&pool, &pipes[i]);
        else if (random_below(200) == 0)
            pipe_close(&pool, &pipes[i]), models[i].len = 0;
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
    pipe_pool_init(&pool);
    pipe_open(&pool, &pipe);
    assert_int_equal(pipe_room(&pool, &pipe), PIPE_CAPACITY);
    pipe_put(&pool, &pipe, bytes, PIPE_CAPACITY);
    assert_int_equal(pipe_room(&pool, &pipe), 0);
    assert_int_equal(pipe_get(&pool, &pipe, bytes, 1), 1);
    pipe_close(&pool, &pipe);
    assert_int_equal(pool.nfree, PIPE_POOL_PAGES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_out_as_they_went_in),
        cmocka_unit_test(an_empty_pipe_takes_its_whole_capacity),
    };
    random_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
