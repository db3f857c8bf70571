/* Atomic operations on 8 and 16 bits, which the processor lacks: what other systems have in libatomic. The
 * compiler calls them for C11's atomic types; libgcc's words of the __sync kind do them on the word
 * around. Each is a full barrier, whichever order was asked for. */
#include <stdbool.h>
#include <stdint.h>

#define FETCH(bits, bytes, op)                                                                               \
    uint##bits##_t __fl_fetch_##op##_##bytes(uint##bits##_t *at, uint##bits##_t n, int order)                \
        __asm__("__atomic_fetch_" #op "_" #bytes);                                                           \
    uint##bits##_t __fl_fetch_##op##_##bytes(uint##bits##_t *at, uint##bits##_t n, int order)                \
    {                                                                                                        \
        return __sync_fetch_and_##op(at, n);                                                                 \
    }

/* An operation that puts `value` in the place of `seen`. */
#define REPLACE(bits, bytes, name, value)                                                                    \
    uint##bits##_t __fl_##name##_##bytes(uint##bits##_t *at, uint##bits##_t n, int order)                    \
        __asm__("__atomic_" #name "_" #bytes);                                                               \
    uint##bits##_t __fl_##name##_##bytes(uint##bits##_t *at, uint##bits##_t n, int order)                    \
    {                                                                                                        \
        uint##bits##_t seen = *at, was;                                                                      \
                                                                                                             \
        while ((was = __sync_val_compare_and_swap(at, seen, (uint##bits##_t)(value))) != seen)               \
            seen = was;                                                                                      \
        return seen;                                                                                         \
    }

/* => whether *at was *expected, and is n now; if not, *expected is what was there. */
#define COMPARE(bits, bytes)                                                                                 \
    bool __fl_compare_##bytes(uint##bits##_t *at, uint##bits##_t *expected, uint##bits##_t n, int done,      \
                              int failed) __asm__("__atomic_compare_exchange_" #bytes);                      \
    bool __fl_compare_##bytes(uint##bits##_t *at, uint##bits##_t *expected, uint##bits##_t n, int done,      \
                              int failed)                                                                    \
    {                                                                                                        \
        uint##bits##_t seen = __sync_val_compare_and_swap(at, *expected, n);                                 \
        bool same = seen == *expected;                                                                       \
                                                                                                             \
        *expected = seen;                                                                                    \
        return same;                                                                                         \
    }

#define ALL(bits, bytes)                                                                                     \
    FETCH(bits, bytes, add)                                                                                  \
    FETCH(bits, bytes, sub)                                                                                  \
    FETCH(bits, bytes, and)                                                                                  \
    FETCH(bits, bytes, or)                                                                                   \
    FETCH(bits, bytes, xor)                                                                                  \
    REPLACE(bits, bytes, fetch_nand, ~(seen & n))                                                            \
    REPLACE(bits, bytes, exchange, n)                                                                        \
    COMPARE(bits, bytes)

ALL(8, 1)
ALL(16, 2)
