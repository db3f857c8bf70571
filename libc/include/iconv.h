/* Conversion of character sets. */
#ifndef _ICONV_H
#define _ICONV_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef _iconv_t iconv_t;

iconv_t iconv_open(const char *to, const char *from);
size_t iconv(iconv_t sets, char **__restrict in, size_t *__restrict left, char **__restrict out,
             size_t *__restrict room);
int iconv_close(iconv_t sets);

#ifdef __cplusplus
}
#endif

#endif
