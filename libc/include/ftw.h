/* Walks over trees of files. */
#ifndef _FTW_H
#define _FTW_H

#include <sys/features.h>
#include <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is visited. */
#define FTW_F 0   /* neither a directory nor a link */
#define FTW_D 1   /* a directory, before what is in it */
#define FTW_DNR 2 /* a directory that cannot be read */
#define FTW_NS 3  /* stat was not permitted */
#define FTW_SL 4  /* a symbolic link (FTW_PHYS) */
#define FTW_DP 5  /* a directory, after what is in it (FTW_DEPTH) */
#define FTW_SLN 6 /* a symbolic link that leads nowhere */

/* How. */
#define FTW_PHYS 1  /* do not follow symbolic links */
#define FTW_MOUNT 2 /* stay in one file system */
#define FTW_CHDIR 4 /* be in the directory of what is visited */
#define FTW_DEPTH 8 /* directories after what is in them */

struct FTW {
    int base;  /* where in the path the name begins */
    int level; /* 0: what the walk began with */
};

int ftw(const char *path, int (*visit)(const char *, const struct stat *, int), int ndirs);
int nftw(const char *path, int (*visit)(const char *, const struct stat *, int, struct FTW *),
         int ndirs, int flags);

#ifdef __cplusplus
}
#endif

#endif
