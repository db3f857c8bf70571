/* Block requests between fs or swap and blk. */
#ifndef PROTO_BLK_H
#define PROTO_BLK_H

#define PROTO_NAME blk
#define PROTO_FILE <proto/blk.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

enum blk_memory { BLK_MEM_PAGER = 0, BLK_MEM_FS = 1, BLK_MEM_COUNT };

#endif
