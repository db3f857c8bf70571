/* What programs may ask about the state of a stream. */
#ifndef _STDIO_EXT_H
#define _STDIO_EXT_H

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FSETLOCKING_QUERY 0
#define FSETLOCKING_INTERNAL 1
#define FSETLOCKING_BYCALLER 2

size_t __fbufsize(FILE *stream);
int __freading(FILE *stream);  /* read only, or read last */
int __fwriting(FILE *stream);  /* write only, or written last */
int __freadable(FILE *stream);
int __fwritable(FILE *stream);
int __flbf(FILE *stream);        /* line buffered */
size_t __fpending(FILE *stream); /* bytes that wait to be written */
void __fpurge(FILE *stream);     /* forget them, and what was read ahead */
void _flushlbf(void);
int __fsetlocking(FILE *stream, int type);
void __fseterr(FILE *stream);

/* Bytes that reading gives without asking the file, and where they lie (NULL: there are none);
 * __freadptrinc takes the first `n` of them. */
size_t __freadahead(FILE *stream);
const char *__freadptr(FILE *stream, size_t *size);
void __freadptrinc(FILE *stream, size_t n);

#ifdef __cplusplus
}
#endif

#endif
