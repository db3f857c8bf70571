/* Page-out and page-in between pager and swap. */
#ifndef PROTO_SWAP_H
#define PROTO_SWAP_H

#define PROTO_NAME swap
#define PROTO_FILE <proto/swap.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

#endif
