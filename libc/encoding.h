/* Locales: "C" (a character is a byte) and "C.UTF-8", which differ in the encoding of characters alone. */
#ifndef LIBC_ENCODING_H
#define LIBC_ENCODING_H

#include <stdbool.h>

/* Are characters in UTF-8 in the locale in use? */
bool locale_is_utf8(void);

#endif
