/* Interrupt sources as objects. They live in a fixed array; IRQ_MAKE names one.
 * Claim -> signal -> (user acts) -> IRQ_ACK completes. */
#ifndef OBJECT_IRQ_H
#define OBJECT_IRQ_H

#include "microkernel/object/cap.h"

struct irq {
    struct object object;
    uint32_t source;
    uint32_t is_claimed; /* signalled and not yet acknowledged */
    struct cap notification_cap;
};

/* At boot: no source has an object. */
void irq_init(void);

/* The object of that source, NULL if there is no such source. */
struct irq *irq_get(uint64_t source);

void irq_bind(struct irq *irq);
void irq_ack(struct irq *irq);

/* Claim all pending interrupts and signal them. */
void irq_handle(void);

/* It ends: completed and masked. */
void irq_finish(struct irq *irq);

#endif
