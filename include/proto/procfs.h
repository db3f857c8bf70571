/* Requests of proc to fs. */
#ifndef PROTO_PROCFS_H
#define PROTO_PROCFS_H

#define PROTO_NAME procfs
#define PROTO_FILE <proto/procfs.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

#endif
