/* The derivation tree: insertion, removal, moving. Deletion with all that follows from it is in
 * delete.c. */
#include "microkernel/object/cap.h"

#include <abi/error.h>

bool cap_is_counted(const struct cap *c)
{
    return c->type != OBJ_NULL && c->type != OBJ_UNTYPED && c->type != OBJ_REGION &&
           c->type != OBJ_IRQ_CONTROL;
}

bool cap_is_copyable(const struct cap *c)
{
    return c->type != OBJ_UNTYPED && !(c->type == OBJ_REGION && c->shrunken);
}

bool cap_is_last(const struct cap *c)
{
    return cap_is_counted(c) && c->object->refs == 1;
}

static void tree_link(struct cap *c, struct cap *parent)
{
    c->parent = parent;
    c->prev = NULL;
    c->next = parent ? parent->child : NULL;
    if (c->next)
        c->next->prev = c;
    if (parent)
        parent->child = c;
}

static void tree_unlink(struct cap *c)
{
    if (c->prev)
        c->prev->next = c->next;
    else if (c->parent)
        c->parent->child = c->next;
    if (c->next)
        c->next->prev = c->prev;
}

void cap_insert(struct cap *dst, const struct cap *from, struct cap *parent)
{
    uint8_t holder = dst->holder;
    *dst = *from;
    dst->holder = holder;
    dst->child = NULL;
    if (cap_is_counted(dst))
        dst->object->refs++;
    tree_link(dst, parent);
}

void cap_insert_object(struct cap *dst, enum object_type type, void *object, struct cap *parent)
{
    struct cap c = {.type = type, .rights = RIGHT_ALL, .pointer = object};
    cap_insert(dst, &c, parent);
}

void cap_derive(struct cap *dst, struct cap *src, uint32_t rights, badge_t badge)
{
    struct cap c = *src;
    c.rights &= rights;
    c.badge = badge;
    c.free = 0;
    cap_insert(dst, &c, src);
}

void cap_lift_child(struct cap *c)
{
    struct cap *child = c->child;
    tree_unlink(child);
    tree_link(child, c->parent);
}

void cap_clear(struct cap *c)
{
    tree_unlink(c);
    if (cap_is_counted(c))
        c->object->refs--;
    *c = (struct cap){.holder = c->holder};
}

static bool has_many_children(const struct cap *c)
{
    int n = 0;
    for (const struct cap *k = c->child; k; k = k->next)
        if (++n > CAP_MOVE_CHILDREN)
            return true;
    return false;
}

int cap_move(struct cap *dst, struct cap *src)
{
    if (has_many_children(src))
        return ERR_BUSY;
    uint8_t holder = dst->holder;
    *dst = *src;
    dst->holder = holder;
    for (struct cap *k = dst->child; k; k = k->next)
        k->parent = dst;
    if (dst->prev)
        dst->prev->next = dst;
    else if (dst->parent)
        dst->parent->child = dst;
    if (dst->next)
        dst->next->prev = dst;
    *src = (struct cap){.holder = src->holder};
    return 0;
}
