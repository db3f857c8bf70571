/* Requests of the pager to fs. */
#ifndef PROTO_PAGEFS_H
#define PROTO_PAGEFS_H

#define PROTO_NAME pagefs
#define PROTO_FILE <proto/pagefs.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

#define PAGEFS_HOLE(q) (2UL << (q)) /* in fill's `hole`: KiB q (0..3) of the page is a hole */

#endif
