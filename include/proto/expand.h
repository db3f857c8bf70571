/* Expands the .def file of protocol PROTO_NAME (see proto.h). Included once by each protocol's
 * header, hence without a guard. PROTO_FILE is the .def file. */
#include <proto/proto.h>

#define F(type, name) type name;
#define MSG(name, req, rep)                                                                        \
    struct PROTO_CAT(PROTO_CAT3(PROTO_NAME, _, name), _req) {                                      \
        req                                                                                        \
    };                                                                                             \
    struct PROTO_CAT(PROTO_CAT3(PROTO_NAME, _, name), _rep) {                                      \
        rep                                                                                        \
    };
#include PROTO_FILE
#undef MSG
#undef F

#define MSG(name, req, rep) PROTO_CAT(PROTO_CAT3(PROTO_NAME, _OP_, name), ),
enum PROTO_CAT(PROTO_NAME, _op) {
    PROTO_CAT(PROTO_NAME, _OP_none) = 0,
#include PROTO_FILE
    PROTO_CAT(PROTO_NAME, _OP_COUNT)
};
#undef MSG

#define F(type, name) +(sizeof(type) == 8 ? 1 : 1000)
#define MSG(name, req, rep)                                                                        \
    _Static_assert((0 req) < 32 && (0 rep) < 32, "fields are 8 bytes wide: " #name);
#include PROTO_FILE
#undef MSG

static inline struct proto_words PROTO_CAT(PROTO_NAME, _words)(uint32_t op)
{
#define MSG(name, req, rep) {0 req, 0 rep},
    static const struct proto_words words[] = {
        {0, 0},
#include PROTO_FILE
    };
#undef MSG
#undef F
    return op < sizeof words / sizeof *words ? words[op] : words[0];
}

static inline const char *PROTO_CAT(PROTO_NAME, _op_name)(uint32_t op)
{
#define MSG(name, req, rep) #name,
    static const char *const names[] = {
        "none",
#include PROTO_FILE
    };
#undef MSG
    return op < sizeof names / sizeof *names ? names[op] : "unknown";
}
