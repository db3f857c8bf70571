/* Requests of the pager to fs. */
#ifndef PROTO_PAGEFS_H
#define PROTO_PAGEFS_H

#define PROTO_NAME pagefs
#define PROTO_FILE <proto/pagefs.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

#endif
