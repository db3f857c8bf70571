/* The order of a shutdown: see shutdown.h. */
#include <servers/init/shutdown.h>

static const enum server_id order[] = {SRV_PROC, SRV_PAGER, SRV_FS, SRV_SWAP, SRV_BLK, SRV_CONSOLE};
#define STEPS (sizeof order / sizeof *order)

/* Settle on the first living server from s->place on. */
static void settle(struct shutdown *s, uint32_t dead)
{
    for (; s->place < STEPS; s->place++) {
        s->server = order[s->place];
        if (!(dead & 1u << s->server))
            break;
        s->has_failed = true;
    }
    if (s->place == STEPS)
        s->step = SHUTDOWN_OFF;
    else
        s->step = s->server == SRV_CONSOLE ? SHUTDOWN_FINISH : SHUTDOWN_QUIESCE;
}

bool shutdown_begin(struct shutdown *s, uint64_t status, uint32_t dead)
{
    if (s->step != SHUTDOWN_IDLE)
        return false;
    *s = (struct shutdown){.status = status};
    settle(s, dead);
    return true;
}

static bool is_waiting(const struct shutdown *s)
{
    return s->step == SHUTDOWN_QUIESCE || s->step == SHUTDOWN_FINISH;
}

bool shutdown_answered(struct shutdown *s, enum server_id from, int status, uint32_t dead)
{
    if (!is_waiting(s) || from != s->server)
        return false;
    s->has_failed |= status != 0;
    s->place++;
    settle(s, dead);
    return true;
}

bool shutdown_gave_up(struct shutdown *s, uint32_t dead)
{
    if (!is_waiting(s))
        return false;
    return shutdown_answered(s, s->server, -1, dead);
}
