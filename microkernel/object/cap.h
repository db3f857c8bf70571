/* Capabilities and the derivation tree.
 *
 * A capability is 64 bytes, in a slot of a CSpace or inside of an object that holds it (a thread's
 * CSpace, VSpace, fault endpoint, notification). Both sorts are nodes of one tree: whoever revokes
 * finds all of them. An object lives as long as a capability to it: refs counts them.
 * Invariant: type == OBJ_NULL means not in the tree; children hang in a list, newest first.
 */
#ifndef OBJECT_CAP_H
#define OBJECT_CAP_H

#include <abi/invoke.h>
#include <stdbool.h>
#include <stddef.h>

/* First member of every object that is counted. */
struct object {
    uint32_t refs; /* capabilities that name it */
};

/* Where a capability lives; a property of the place, kept when it is emptied. */
enum holder {
    HOLD_SLOT = 0,
    HOLD_TCB_CSPACE,
    HOLD_TCB_VSPACE,
    HOLD_TCB_FAULT,
    HOLD_TCB_NOTIFICATION,
    HOLD_SOURCE_NOTIFICATION, /* of an IRQ or a timer */
};

struct cap {
    uint8_t type;   /* enum object_type */
    uint8_t rights; /* RIGHT_* */
    uint8_t holder; /* enum holder */
    uint8_t device; /* region: 1 = not RAM */
    uint32_t cleared; /* untyped: pages from its base that are known to be zero beyond `free` */
    union {
        badge_t badge;
        uint64_t size; /* untyped: bytes */
        struct {
            uint32_t pfn, npages; /* region: physical frame numbers */
        };
    };
    union {
        void *pointer;
        struct object *object;
    };
    struct cap *parent, *child, *next, *prev;
    union {
        uint64_t free;     /* untyped: offset of the first unused byte */
        uint64_t shrunken; /* region being deleted: pages it had, 0 = it is not being deleted */
    };
};

_Static_assert(sizeof(struct cap) == 64, "a slot is one cache line");

/* Types whose capability points to an object with a reference count. */
bool cap_is_counted(const struct cap *c);

/* Untyped memory has one capability: it can be moved, not copied. Nothing is derived from a region
 * that is being deleted. */
bool cap_is_copyable(const struct cap *c);

/* True if emptying `c` ends its object. */
bool cap_is_last(const struct cap *c);

/* Fill the empty `dst` with what `from` says and hang it below `parent` (NULL: a root). */
void cap_insert(struct cap *dst, const struct cap *from, struct cap *parent);

/* The same for a new object: all rights, no badge. */
void cap_insert_object(struct cap *dst, enum object_type type, void *object, struct cap *parent);

/* Copy `src` as its child, with at most `rights` and the badge given. */
void cap_derive(struct cap *dst, struct cap *src, uint32_t rights, badge_t badge);

/* Hang the first child of `c` below the parent of `c` instead. => `c` has a child. */
void cap_lift_child(struct cap *c);

/* Take `c`, which has no children, out of the tree and empty it. The object is not looked at. */
void cap_clear(struct cap *c);

/* Put what `src` holds, its place in the tree included, into the empty `dst`.
 * => ERR_BUSY if `src` has more than CAP_MOVE_CHILDREN children. */
#define CAP_MOVE_CHILDREN 256
int cap_move(struct cap *dst, struct cap *src);

#endif
