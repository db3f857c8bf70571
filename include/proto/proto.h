/* How a protocol is declared, and what comes from it.
 *
 * A .def file holds lines
 *     MSG(name, F(type, field) ..., F(type, field) ...)      request fields, reply fields
 * where every type is 8 bytes wide. Protocol `p` has one header p.h that defines PROTO_NAME p and
 * includes <proto/expand.h>, which yields enum p_op, struct p_<name>_req / _rep, p_op_name(), and
 * p_words(): how many request and reply words each operation has.
 *
 * Calls (<lib/sys/rpc.h> has the client side, <lib/server/dispatch.h> the server side):
 * label = operation; words 0..3 of the request are in registers, the rest at the start of the
 * payload, followed by bytes, if the operation has them (their number is its field of type len_t, which
 * the dispatcher checks; file names carry no NUL). The reply: label = 0 or -error, words alike, then bytes.
 *
 * Rings (<lib/server/ring.h>): an entry has up to 7 words; a completion repeats operation and cookie
 * and carries a status and the reply fields.
 */
#ifndef PROTO_PROTO_H
#define PROTO_PROTO_H

#include <stdint.h>
#include <abi/types.h>
#include <abi/error.h>

typedef uint64_t len_t; /* bytes that follow the words of this message */

struct proto_words {
    uint8_t req, rep;
};

#define PROTO_CAT_(a, b) a##b
#define PROTO_CAT(a, b) PROTO_CAT_(a, b)
#define PROTO_CAT3(a, b, c) PROTO_CAT(PROTO_CAT(a, b), c)
#define PROTO_STR_(a) #a
#define PROTO_STR(a) PROTO_STR_(a)

/* Which process a message is about: the badge of its capabilities and address space. The pool slot
 * is reused, the serial never is. */
#define PROC_BADGE(serial, slot) ((uint64_t)(serial) << 16 | (slot))
#define BADGE_SLOT(badge) ((uint32_t)((badge)&0xffff))
#define BADGE_SERIAL(badge) ((badge) >> 16)

#endif
