/* The total dispatcher for ring requests of protocol PROTO_NAME (PROTO_FILE is its .def file), to be
 * included by the server that answers them, as <lib/server/dispatch.h> is for calls. The server
 * defines `struct swap_service` and, for every operation,
 *     int swap_on_NAME(struct swap_service *, struct peer *from, uint64_t head,
 *                      const struct swap_NAME_req *, struct swap_NAME_rep *)
 * returning 0, an error, or PARKED (keep `head`, answer later with PEER_ANSWER), and gets
 *     void swap_ring_dispatch(struct swap_service *, struct peer *from, const struct ring_entry *)
 * Unknown operations are answered ERR_BADMSG.
 */
#include <string.h>
#include <lib/server/call.h>
#include <lib/server/peer.h>

#define PROTO_SERVICE PROTO_CAT(PROTO_NAME, _service)
#define PROTO_ON(name) PROTO_CAT3(PROTO_NAME, _on_, name)
#define PROTO_REQ(name) PROTO_CAT(PROTO_CAT3(PROTO_NAME, _, name), _req)
#define PROTO_REP(name) PROTO_CAT(PROTO_CAT3(PROTO_NAME, _, name), _rep)

struct PROTO_SERVICE;

#define MSG(name, req_, rep_)                                                                      \
    int PROTO_ON(name)(struct PROTO_SERVICE *, struct peer *, uint64_t,                            \
                       const struct PROTO_REQ(name) *, struct PROTO_REP(name) *);
#include PROTO_FILE
#undef MSG

#define MSG(name, req_, rep_)                                                                      \
    case PROTO_CAT3(PROTO_NAME, _OP_, name): {                                                     \
        struct PROTO_REQ(name) in;                                                                 \
        struct PROTO_REP(name) out;                                                                \
        _Static_assert(sizeof in <= sizeof e->word && sizeof out <= sizeof e->word,                \
                       "fits a ring entry: " #name);                                               \
        memset(&out, 0, sizeof out);                                                               \
        memcpy(&in, e->word, sizeof in);                                                           \
        rc = PROTO_ON(name)(self, from, e->head, &in, &out);                                       \
        if (rc != PARKED)                                                                          \
            peer_answer(from, e->head, rc, &out, sizeof out / 8);                                  \
        return;                                                                                    \
    }

static inline void PROTO_CAT(PROTO_NAME, _ring_dispatch)(struct PROTO_SERVICE *self,
                                                         struct peer *from,
                                                         const struct ring_entry *e)
{
    int rc;

    switch (RING_OP(e->head)) {
#include PROTO_FILE
    default:
        peer_answer(from, e->head, ERR_BADMSG, NULL, 0);
    }
}

#undef MSG
#undef PROTO_ON
#undef PROTO_REQ
#undef PROTO_REP
#undef PROTO_SERVICE
#undef PROTO_NAME
#undef PROTO_FILE
