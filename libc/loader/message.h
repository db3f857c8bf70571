/* Calls to servers without any memory but stack and message page. */
#ifndef LOADER_MESSAGE_H
#define LOADER_MESSAGE_H

#include <stddef.h>
#include <string.h>
#include <lib/server/boot.h>
#include <lib/sys/rpc.h>

/* Bytes behind the registers of a request, and of its answer. */
struct bytes {
    const void *out;
    size_t out_bytes;
    void *in;
    size_t in_max;
};

/* Call `op` at `ep` with four words, replaced by those of the answer. => 0 or an error. */
int message_call(slot_t ep, uint32_t op, uint64_t word[4], const struct bytes *bytes);

#endif
