/* Copying files and trees, for cp, mv and install. */
#ifndef APPS_COMMON_COPY_H
#define APPS_COMMON_COPY_H

#include <stdbool.h>
#include <sys/stat.h>

struct copy {
    bool recursive;  /* directories too */
    bool keep_links; /* symbolic links are copied as links */
    bool top_links;  /* but not those that are named (-H) */
    bool keep_attributes; /* times, owner, all of the mode */
    bool force;      /* a target that can't be opened is removed first */
    bool ask;        /* before something is overwritten */
    bool never;      /* overwrite */
    bool newer_only; /* overwrite only what is older */
    bool verbose;
    bool hard;       /* links instead of copies */
    bool symbolic;
};

/* Make `to` a copy of `from`. => false after a message. */
bool copy_path(const struct copy *how, const char *from, const char *to);
/* Into a directory, under its own name. */
bool copy_into(const struct copy *how, const char *from, const char *dir);
/* Give a file the times, owner and mode of another. => false after a message. */
bool copy_attributes(const char *path, const struct stat *st);
/* Ask on the terminal. => whether the answer begins with y. */
bool copy_ask(const char *question, const char *path);

#endif
