/* Requests of fs to the pager. */
#ifndef PROTO_FSPAGE_H
#define PROTO_FSPAGE_H

#define PROTO_NAME fspage
#define PROTO_FILE <proto/fspage.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

/* Objects that are live at once, at most: fs has so many inodes for them. With that many the pager
 * forgets one before it takes a stream of another. */
#define FSPAGE_OBJECTS 896u

enum stream_flag {
    STREAM_READ = 1,
    STREAM_WRITE = 2,
    STREAM_APPEND = 4,
    STREAM_SYNC = 8, /* O_SYNC: write() waits for the disk */
    STREAM_ATIME = 16, /* pagefs.accessed is to tell of the first read */
};

#endif
