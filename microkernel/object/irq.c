/* Interrupt objects over the machine's interrupt controller. */
#include "microkernel/object/irq.h"

#include "microkernel/arch/arch.h"
#include "microkernel/object/notification.h"

static struct irq irqs[ARCH_IRQS];

void irq_init(void)
{
    for (uint32_t i = 0; i < ARCH_IRQS; i++)
        irqs[i] = (struct irq){.source = i, .notification_cap.holder = HOLD_SOURCE_NOTIFICATION};
}

struct irq *irq_get(uint64_t source)
{
    return source == 0 || source >= ARCH_IRQS ? NULL : &irqs[source];
}

void irq_bind(struct irq *irq)
{
    arch_irq_enable(irq->source, true);
}

void irq_ack(struct irq *irq)
{
    if (irq->is_claimed)
        arch_irq_complete(irq->source);
    irq->is_claimed = 0;
}

static void irq_arrived(uint32_t source)
{
    struct irq *irq = irq_get(source);
    if (!irq || irq->notification_cap.type == OBJ_NULL) {
        arch_irq_enable(source, false);
        arch_irq_complete(source);
        return;
    }
    irq->is_claimed = 1;
    notification_signal(irq->notification_cap.pointer, irq->notification_cap.badge);
}

void irq_handle(void)
{
    for (uint32_t source; (source = arch_irq_claim()) != 0;)
        irq_arrived(source);
}

void irq_finish(struct irq *irq)
{
    irq_ack(irq);
    arch_irq_enable(irq->source, false);
}
