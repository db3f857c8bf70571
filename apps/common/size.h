/* Numbers of bytes as people write and read them. */
#ifndef APPS_COMMON_SIZE_H
#define APPS_COMMON_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#define SIZE_TEXT_BYTES 24

/* Digits with a unit: none or c (1), w (2), b (512), k or K, M, G, T (powers of 1024; of 1000 with B
 * behind). => false if `text` is anything else, or too much. */
bool size_parse(const char *text, uint64_t *value);

/* At most four characters and a unit, rounded up: 812, 1.5K, 20M. => `text`. */
char *size_human(uint64_t bytes, char text[SIZE_TEXT_BYTES]);

#endif
