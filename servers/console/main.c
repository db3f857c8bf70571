/* The console server: the UART, shared by the terminal (fs), every server's log and, in exec mode,
 * the guest's stdout and stderr as frames. It is told by signals alone: a writer signals after it
 * wrote, fs also after it read from a full input ring. */
#include <lib/server/log.h>
#include <lib/server/loop.h>
#include <lib/sys/invoke.h>
#include "console.h"

static struct server server;
static struct console console;
static uint64_t finish_head; /* init's request that waits for the last byte, if has_finish */
static bool has_finish;

static void pump(void)
{
    console_pump(&console);
    if (console.wakes_fs) {
        console.wakes_fs = false;
        sys_signal(SLOT_PEER + SRV_FS);
    }
    if (console.is_finished && has_finish) {
        has_finish = false;
        peer_answer(&server.peer[SRV_INIT], finish_head, 0, NULL, 0);
    }
}

static void on_notified(void *self, uint64_t bits)
{
    pump();
    if (bits & NOTIFY_IRQ)
        irq_ack(SLOT_IRQ);
}

static int on_finish(void *self, uint64_t head, uint64_t status)
{
    console_finish(&console, (uint32_t)status);
    finish_head = head;
    has_finish = true;
    return PARKED;
}

static const struct server_ops ops = {
    .notified = on_notified,
    .finish = on_finish,
};

int main(const struct server_boot *boot)
{
    server_init(&server, boot);
    console_init(&console, (struct byte_page *)SERVER_BYTES_VA, boot->exec_mode != 0);
    pump();
    server_ready(&server, 0);
    server_run(&server, &ops, NULL);
}
