/* UTF-8, one character at a time (RFC 3629: up to four bytes, no surrogates, none longer than needed). */
#ifndef LIBC_UTF8_H
#define LIBC_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4

/* A character that has come in part: its bits so far, bytes still missing, and the least value that its
 * length permits. All zero: none. */
struct utf8_state {
    uint32_t bits;
    uint8_t missing, length;
};

/* => how many bytes were written, or 0: there is no such character. */
size_t utf8_encode(uint32_t c, char bytes[UTF8_MAX]);

/* Feed one byte. => 1: *c is complete; 0: more are needed; -1: not UTF-8 (the state is unchanged). */
int utf8_feed(struct utf8_state *state, unsigned char byte, uint32_t *c);

#endif
