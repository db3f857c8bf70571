/* Requests of proc to the pager. */
#ifndef PROTO_PROCPAGER_H
#define PROTO_PROCPAGER_H

#define PROTO_NAME procpager
#define PROTO_FILE <proto/procpager.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

#endif
