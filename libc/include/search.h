/* Tables and lists: picolibc's hash table and tree, and the rest of POSIX's. */
#ifndef _FAULTLINE_SEARCH_H
#define _FAULTLINE_SEARCH_H

#include_next <search.h>

#ifdef __cplusplus
extern "C" {
#endif

struct qelem {
    struct qelem *q_forw, *q_back;
    char q_data[1];
};

void *lfind(const void *key, const void *base, size_t *n, size_t width,
            int (*compare)(const void *, const void *));
void *lsearch(const void *key, void *base, size_t *n, size_t width,
              int (*compare)(const void *, const void *));
/* Elements begin with their pointers to the next and to the one before. */
void insque(void *element, void *before);
void remque(void *element);

#ifdef __cplusplus
}
#endif

#endif
