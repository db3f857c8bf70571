/* See deadline.h. Few timers are set at once; finding the place is linear. */
#include "deadline.h"
#include <stddef.h>

void deadline_clear(struct deadline_list *list, struct deadline *timer)
{
    if (timer->at == 0)
        return;
    if (timer->prev)
        timer->prev->next = timer->next;
    else
        list->first = timer->next;
    if (timer->next)
        timer->next->prev = timer->prev;
    *timer = (struct deadline){0};
}

void deadline_set(struct deadline_list *list, struct deadline *timer, uint64_t at)
{
    struct deadline *before = NULL, *after;

    deadline_clear(list, timer);
    for (after = list->first; after && after->at <= at; after = after->next)
        before = after;
    *timer = (struct deadline){.at = at, .next = after, .prev = before};
    if (before)
        before->next = timer;
    else
        list->first = timer;
    if (after)
        after->prev = timer;
}

struct deadline *deadline_take_due(struct deadline_list *list, uint64_t now)
{
    struct deadline *first = list->first;

    if (first == NULL || first->at > now)
        return NULL;
    deadline_clear(list, first);
    return first;
}

bool deadline_needs_arming(struct deadline_list *list, uint64_t *at)
{
    *at = list->first ? list->first->at : 0;
    if (*at == list->armed)
        return false;
    list->armed = *at;
    return true;
}
