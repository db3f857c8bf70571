/* Requests of fs to proc. */
#ifndef PROTO_FSPROC_H
#define PROTO_FSPROC_H

#define PROTO_NAME fsproc
#define PROTO_FILE <proto/fsproc.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

#endif
