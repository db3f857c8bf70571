/* Carrying out batches of items, and judging their errors. */
#include "batch.h"

void batch_run(struct pager *pg, struct batch *b)
{
    uint32_t done = 0;
    while (done < b->n) {
        uint32_t failed = 0;
        int status = kern_items(b->item + done, b->n - done, &failed);
        if (status == 0)
            break;
        done += failed;
        if (status != ERR_GONE && pg->item_errors++ < 16)
            kern_log("item %u of vspace %u at %#lx failed: %d",
                     ITEM_OP(b->item[done].w0), ITEM_A(b->item[done].w0),
                     (unsigned long)b->item[done].w1, status);
        done++;
    }
    b->n = 0;
}
