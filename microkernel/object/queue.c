/* Queues of threads, linked through the TCB; tcb->queue names the queue that it is in. */
#include "microkernel/object/queue.h"

#include "microkernel/object/tcb.h"

static void insert_after(struct queue *q, struct tcb *t, struct tcb *before)
{
    t->queue = q;
    t->qprev = before;
    t->qnext = before ? before->qnext : q->head;
    if (before)
        before->qnext = t;
    else
        q->head = t;
    if (t->qnext)
        t->qnext->qprev = t;
    else
        q->tail = t;
}

void queue_push_back(struct queue *q, struct tcb *t)
{
    insert_after(q, t, q->tail);
}

void queue_push_front(struct queue *q, struct tcb *t)
{
    insert_after(q, t, NULL);
}

void queue_push_by_priority(struct queue *q, struct tcb *t)
{
    struct tcb *before = q->tail;
    while (before && before->priority < t->priority)
        before = before->qprev;
    insert_after(q, t, before);
}

void queue_remove(struct tcb *t)
{
    struct queue *q = t->queue;
    if (t->qprev)
        t->qprev->qnext = t->qnext;
    else
        q->head = t->qnext;
    if (t->qnext)
        t->qnext->qprev = t->qprev;
    else
        q->tail = t->qprev;
    t->queue = NULL;
}
