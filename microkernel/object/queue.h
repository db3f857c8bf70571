/* A doubly linked queue of threads. A thread is in at most one queue: ready, senders, receivers. */
#ifndef OBJECT_QUEUE_H
#define OBJECT_QUEUE_H

struct tcb;

struct queue {
    struct tcb *head, *tail;
};

void queue_push_back(struct queue *q, struct tcb *t);
void queue_push_front(struct queue *q, struct tcb *t);

/* Behind all of the same or a higher priority. */
void queue_push_by_priority(struct queue *q, struct tcb *t);

/* => `t` is in a queue. */
void queue_remove(struct tcb *t);

#endif
