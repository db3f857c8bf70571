/* Calls with more than four words or with bytes: marshalling through the message page. */
#include <lib/sys/rpc.h>
#include <lib/sys/user.h>

volatile uint32_t rpc_payload_busy;

static unsigned behind_registers(unsigned words)
{
    return words > MSG_REG_WORDS ? words - MSG_REG_WORDS : 0;
}

/* Lay request and bytes out in the message page and *m. The bytes fit. => 0 or ERR_FAULT. */
static int put_request(struct message *m, const uint64_t *req, unsigned words,
                        const struct rpc_bytes *bytes)
{
    unsigned more = behind_registers(words);
    unsigned nbytes = bytes ? bytes->out_bytes : 0;

    for (unsigned i = 0; i < words && i < MSG_REG_WORDS; i++)
        m->word[i] = req[i];
    for (unsigned i = 0; i < more; i++)
        sys_msgpage.payload[i] = req[MSG_REG_WORDS + i];
    m->tag |= TAG(0, more + (nbytes + 7) / 8);
    return nbytes ? user_copy(&sys_msgpage.payload[more], bytes->out, nbytes) : 0;
}

/* The reverse for the reply. */
static int get_reply(const struct message *m, uint64_t *rep, unsigned words,
                     struct rpc_bytes *bytes)
{
    unsigned more = behind_registers(words);
    unsigned got = TAG_WORDS(m->tag);

    if (got < more)
        return ERR_BADMSG;
    for (unsigned i = 0; i < words && i < MSG_REG_WORDS; i++)
        rep[i] = m->word[i];
    for (unsigned i = 0; i < more; i++)
        rep[MSG_REG_WORDS + i] = sys_msgpage.payload[i];
    if (!bytes)
        return 0;
    bytes->in_bytes = (got - more) * 8;
    if (bytes->in_bytes > bytes->in_max)
        bytes->in_bytes = bytes->in_max;
    if (bytes->len && bytes->in_bytes > *bytes->len)
        bytes->in_bytes = (uint32_t)*bytes->len;
    return bytes->in_bytes ? user_copy(bytes->in, &sys_msgpage.payload[more], bytes->in_bytes) : 0;
}

int rpc_call(slot_t ep, uint32_t op, const void *req, unsigned req_words, void *rep,
             unsigned rep_words, struct rpc_bytes *bytes)
{
    struct message m = {.tag = TAG(op, 0)};
    uint32_t outer = rpc_payload_busy;
    int rc;

    if (rep_words)
        memset(rep, 0, rep_words * 8);
    if (bytes)
        bytes->in_bytes = 0;
    if (bytes && bytes->out_bytes > RPC_BYTES_MAX(req_words))
        return ERR_OVERFLOW;
    rpc_payload_busy = 1;
    rc = put_request(&m, req, req_words, bytes);
    if (rc == 0)
        rc = bytes && bytes->call ? bytes->call(ep, &m) : sys_call(ep, &m);
    if (rc == 0)
        rc = -(int)TAG_LABEL(m.tag);
    if (rc == 0)
        rc = get_reply(&m, rep, rep_words, bytes);
    rpc_payload_busy = outer;
    return rc;
}
