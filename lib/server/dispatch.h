/* The total dispatcher for calls of protocol PROTO_NAME (PROTO_FILE is its .def file), to be included
 * by the server that answers it:
 *
 *     #include <proto/fs.h>
 *     #define PROTO_NAME fs
 *     #define PROTO_FILE <proto/fs.def>
 *     #include <lib/server/dispatch.h>
 *
 * The server defines `struct fs_service` and, for every operation,
 *     int fs_on_NAME(struct fs_service *, struct call *, const struct fs_NAME_req *, struct fs_NAME_rep *)
 * returning 0, an error or PARKED (a missing one does not link), and gets
 *     int fs_dispatch(struct fs_service *, struct call *)
 * which lays the answer out in the call => 0 or the error answered, or PARKED. Unknown operations,
 * too few words, more bytes announced than came: ERR_BADMSG.
 */
#include <lib/server/call.h>

#define PROTO_SERVICE PROTO_CAT(PROTO_NAME, _service)
#define PROTO_ON(name) PROTO_CAT3(PROTO_NAME, _on_, name)
#define PROTO_REQ(name) PROTO_CAT(PROTO_CAT3(PROTO_NAME, _, name), _req)
#define PROTO_REP(name) PROTO_CAT(PROTO_CAT3(PROTO_NAME, _, name), _rep)

struct PROTO_SERVICE;

#define MSG(name, req_, rep_)                                                                      \
    int PROTO_ON(name)(struct PROTO_SERVICE *, struct call *, const struct PROTO_REQ(name) *,      \
                       struct PROTO_REP(name) *);
#include PROTO_FILE
#undef MSG

/* In the dispatcher a request's field of type len_t limits the bytes; other fields do nothing. */
#define F(type, field)                                                                             \
    if (__builtin_strcmp(#type, "len_t") == 0 && rc == 0)                                          \
        rc = call_bytes(call, (uint64_t)in.field);
#define MSG(name, req_, rep_)                                                                      \
    case PROTO_CAT3(PROTO_NAME, _OP_, name): {                                                     \
        struct PROTO_REQ(name) in;                                                                 \
        struct PROTO_REP(name) out;                                                                \
        memset(&out, 0, sizeof out);                                                               \
        rc = call_begin(call, &in, sizeof in / 8, sizeof out / 8);                                 \
        req_                                                                                       \
        if (rc == 0)                                                                               \
            rc = PROTO_ON(name)(self, call, &in, &out);                                            \
        if (rc != PARKED)                                                                          \
            call_end(call, rc, &out, sizeof out / 8);                                              \
        return rc;                                                                                 \
    }

static inline int PROTO_CAT(PROTO_NAME, _dispatch)(struct PROTO_SERVICE *self, struct call *call)
{
    int rc;

    switch (TAG_LABEL(call->tag)) {
#include PROTO_FILE
    default:
        call_end(call, ERR_BADMSG, NULL, 0);
        return ERR_BADMSG;
    }
}

#undef MSG
#undef F
#undef PROTO_ON
#undef PROTO_REQ
#undef PROTO_REP
#undef PROTO_SERVICE
#undef PROTO_NAME
#undef PROTO_FILE
