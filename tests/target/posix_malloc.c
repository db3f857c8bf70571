/* The allocator as programs see it: each success and each error, and what misuse ends in. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wuse-after-free"
#pragma GCC diagnostic ignored "-Wfree-nonheap-object"

/* The compiler knows malloc and would leave out what has no effect. */
static void *volatile hidden;
#define HIDE(p) (hidden = (p), hidden)
static volatile size_t huge = SIZE_MAX;

static void sizes_beyond_everything_are_enomem(void)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 4095, PTRDIFF_MAX, (size_t)1 << 46, (size_t)5 << 30};
    void *p = HIDE(malloc(100));

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        volatile size_t size = sizes[i];

        errno = 0;
        CHECK(HIDE(malloc(size)) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK(HIDE(realloc(p, size)) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK(HIDE(aligned_alloc(64, size)) == NULL && errno == ENOMEM);
    }
    errno = 0;
    CHECK(HIDE(calloc(huge / 2, 4)) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(HIDE(reallocarray(p, huge / 2, 4)) == NULL && errno == ENOMEM);
    memset(p, 1, 100);
    free(p);
}

static void every_pointer_is_aligned_and_its_own(void)
{
    char *p[300];

    for (size_t i = 0; i < 300; i++) {
        p[i] = malloc(i * i);
        CHECK(p[i] && (uintptr_t)p[i] % 16 == 0 && malloc_usable_size(p[i]) >= i * i);
        memset(p[i], (int)i, i * i);
    }
    for (size_t i = 0; i < 300; i++) {
        for (size_t k = 0; k < i * i; k += 97)
            CHECK_EQ(p[i][k], (char)i);
        free(p[i]);
    }
    free(NULL);
    CHECK_EQ(malloc_usable_size(NULL), 0);
}

static void calloc_is_zero_also_where_memory_was_used(void)
{
    for (size_t size = 8; size < 100000; size *= 3) {
        char *p = HIDE(malloc(size));

        memset(p, 0xff, size);
        free(p);
        p = HIDE(calloc(1, size));
        for (size_t i = 0; i < size; i++)
            CHECK_EQ(p[i], 0);
        free(p);
    }
}

static void realloc_keeps_what_fits(void)
{
    char *p = NULL, *q;

    for (size_t size = 1; size < 3000000; size = size * 5 / 3 + 1) {
        p = realloc(p, size);
        CHECK(p);
        memset(p + size / 2, 'r', size - size / 2);
        p[0] = 'f';
    }
    for (size_t size = 2000000; size > 10; size /= 7) {
        p = realloc(p, size);
        CHECK(p && p[0] == 'f' && p[size - 1] == 'r');
    }
    q = HIDE(realloc(p, 0));
    CHECK(q == NULL);
}

static void alignments_are_kept(void)
{
    void *p = NULL;

    for (size_t align = 8; align <= (1 << 20); align *= 2) {
        CHECK_EQ(posix_memalign(&p, align, 100), 0);
        CHECK((uintptr_t)p % align == 0);
        free(p);
        p = memalign(align, align * 3);
        CHECK((uintptr_t)p % align == 0);
        free(p);
    }
    CHECK_EQ(posix_memalign(&p, 24, 100), EINVAL);
    CHECK_EQ(posix_memalign(&p, 4, 100), EINVAL);
    CHECK_EQ(posix_memalign(&p, 64, huge), ENOMEM);
    CHECK_EQ(posix_memalign(&p, (size_t)1 << 45, 8), ENOMEM);
    p = valloc(10);
    CHECK((uintptr_t)p % 4096 == 0);
    free(p);
}

static void memory_goes_back_to_the_system(void)
{
    unsigned long before = counters_resident();
    char *p = HIDE(malloc(8 << 20));

    memset(p, 1, 8 << 20);
    CHECK(counters_resident() >= before + 2048);
    free(p);
    malloc_trim(0);
    CHECK(counters_resident() < before + 100);
    void **list = NULL;
    for (int i = 0; i < 50000; i++) {
        void **next = malloc(60);
        *next = list;
        list = next;
    }
    CHECK(counters_resident() >= before + 780);
    while (list) {
        void **next = *list;
        free(list);
        list = next;
    }
    CHECK(counters_resident() < before + 300);
}

/* --- misuse ---------------------------------------------------------------------------------- */

static void (*mistake)(void);

static void quietly(void)
{
    int ends[2];
    char text[100];

    if (pipe(ends))
        _exit(1);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        mistake();
        _exit(0);
    }
    close(ends[1]);
    int status;
    ssize_t n = read(ends[0], text, sizeof text - 1);
    waitpid(child, &status, 0);
    if (n <= 0 || !WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
        _exit(2);
    text[n] = '\0';
    _exit(strstr(text, "free") ? 0 : 3);
}

static bool ends_with_a_message(void (*what)(void))
{
    mistake = what;
    return tap_in_child(quietly) == 0;
}

static void free_small_twice(void)
{
    void *p = HIDE(malloc(40));

    free(p);
    free(hidden);
}

static void free_large_twice(void)
{
    void *p = HIDE(malloc(400000));

    free(p);
    free(hidden);
}

static void free_into_an_object(void)
{
    free((char *)HIDE(malloc(400)) + 16);
}

static void free_the_stack(void)
{
    char here[64];

    free(HIDE(here + 16));
}

static void misuse_ends_in_abort_with_a_message(void)
{
    CHECK(ends_with_a_message(free_small_twice));
    CHECK(ends_with_a_message(free_large_twice));
    CHECK(ends_with_a_message(free_into_an_object));
    CHECK(ends_with_a_message(free_the_stack));
}

TAP_MAIN(sizes_beyond_everything_are_enomem, every_pointer_is_aligned_and_its_own,
         calloc_is_zero_also_where_memory_was_used, realloc_keeps_what_fits, alignments_are_kept,
         memory_goes_back_to_the_system, misuse_ends_in_abort_with_a_message)
