/* The part of the C library's <string.h> that the freestanding kernel has (string.c). */
#ifndef RISCV_STRING_H
#define RISCV_STRING_H

#include <stddef.h>

void *memset(void *to, int byte, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif
