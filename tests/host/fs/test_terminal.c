/* The terminal and exec mode's streams through calls: foreground and background, a slow console, end
 * of input, timed raw reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <string.h>
#include <cmocka.h>
#include "world.h"

#define PARKED (-1000)

static struct world *start(bool is_exec)
{
    struct world *w = world_new("-b 1024 -N 64", NULL, 2u << 20);
    w->v.is_exec = is_exec;
    assert_int_equal(world_start(w), 0);
    assert_int_equal(world_create(w, 0, 1), 0);
    return w;
}

static void stop(struct world *w)
{
    for (uint32_t slot = 0; slot < 3; slot++)
        if (w->v.processes[slot].badge)
            assert_int_equal(world_destroy(w, slot), 0);
    assert_int_equal(world_quiesce(w), 0);
    world_free(w);
}

static void type(struct world *w, const char *keys)
{
    memcpy(w->in + w->in_len, keys, strlen(keys));
    w->in_len += strlen(keys);
    vfs_console(&w->v);
    world_run(w);
}

static void interrupt(struct world *w, uint32_t slot)
{
    uint64_t badge = BADGE(slot);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_interrupt, &badge, 1), 0);
}

static int tty_call(struct world *w, uint32_t slot, uint64_t op, uint64_t value, const void *bytes,
                    uint64_t len)
{
    return world_call(w, slot, fs_OP_tty, (uint64_t[]){0, op, value, len}, 4, bytes, len);
}

static void a_line_reaches_who_waits_for_it(void **state)
{
    struct world *w = start(false);
    assert_int_equal(w_read(w, 0, 0, 100), PARKED);
    type(w, "hel");
    assert_int_equal(world_status(w, 0), WORLD_PARKED);
    type(w, "lo\r");
    assert_int_equal(world_status(w, 0), 0);
    assert_memory_equal(w->answer[0].bytes, "hello\n", 6);
    assert_memory_equal(w->out, "hello\r\n", 7);
    assert_int_equal(w_write(w, 0, 1, "a\nb", 3), 3);
    assert_memory_equal(w->out + 7, "a\r\nb", 4);
    stop(w);
}

static void keys_signal_the_foreground_group(void **state)
{
    struct world *w = start(false);
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    uint64_t group[] = {BADGE(1), 2, 1};
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_group, group, 3), 0);
    assert_int_equal(tty_call(w, 0, FS_TTY_SETPGRP, 2, NULL, 0), 0);
    type(w, "\x03");
    assert_int_equal(w->last_pgid, 2);
    assert_int_equal(w->last_signal, SIGINT);
    assert_int_equal(tty_call(w, 0, FS_TTY_GETPGRP, 0, NULL, 0), 0);
    assert_int_equal(w->answer[0].word[0], 2);
    stop(w);
}

/* A world with the child, slot 1, in a group of its own in the background. */
static struct world *start_with_background(void)
{
    struct world *w = start(false);
    uint64_t group[] = {BADGE(1), 2, 1};
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_group, group, 3), 0);
    return w;
}

static void a_background_read_waits_for_sigcont_each_time(void **state)
{
    struct world *w = start_with_background();
    w->held = 1;
    for (uint64_t times = 1; times <= 2; times++) {
        assert_int_equal(w_read(w, 1, 0, 10), PARKED);
        assert_int_equal(w->nbackground, times);
        assert_int_equal(w->background, SIGTTIN);
        type(w, "for the other\n");
        assert_int_equal(world_status(w, 1), WORLD_PARKED);
        interrupt(w, 1);
        assert_int_equal(world_status(w, 1), ERR_INTR);
    }
    assert_int_equal(tty_call(w, 0, FS_TTY_SETPGRP, 2, NULL, 0), 0);
    assert_int_equal(w_read(w, 1, 0, 100), 14);
    stop(w);
}

static void an_interrupt_that_overtakes_proc_is_not_lost(void **state)
{
    struct world *w = start_with_background();
    w->held = 1;
    w->pager_is_held = true; /* and proc */
    assert_int_equal(w_read(w, 1, 0, 10), PARKED);
    interrupt(w, 1);
    w->pager_is_held = false;
    world_run(w);
    assert_int_equal(world_status(w, 1), ERR_INTR);
    stop(w);
}

static void who_ignores_the_signal_writes_but_does_not_read(void **state)
{
    struct world *w = start_with_background();
    struct fs_termios t = w->v.tty.termios;
    assert_int_equal(w_read(w, 1, 0, 10), ERR_IO);
    assert_int_equal(w_write(w, 1, 1, "x", 1), 1);
    assert_int_equal(w->nbackground, 1);
    t.lflag |= FS_L_TOSTOP;
    assert_int_equal(tty_call(w, 1, FS_TTY_SETATTR, 0, &t, sizeof t), 0);
    assert_int_equal(w->background, SIGTTOU);
    assert_int_equal(w_write(w, 1, 1, "x", 1), 1);
    assert_int_equal(w->nbackground, 3);
    assert_int_equal(tty_call(w, 1, FS_TTY_SETPGRP, 2, NULL, 0), 0);
    assert_int_equal(w->v.tty.pgrp, 2);
    w->background_status = ERR_IO;
    assert_int_equal(w_write(w, 0, 1, "x", 1), ERR_IO);
    w->background_status = 0;
    w->held = 1;
    assert_int_equal(tty_call(w, 0, FS_TTY_FLUSH, 0, NULL, 0), WORLD_PARKED);
    interrupt(w, 0);
    assert_int_equal(world_status(w, 0), ERR_INTR);
    stop(w);
}

static void a_session_has_its_terminal_until_its_leader_ends(void **state)
{
    struct world *w = start_with_background();
    uint64_t other[] = {BADGE(1), 2, 2};
    assert_int_equal(tty_call(w, 0, FS_TTY_GETSID, 0, NULL, 0), 0);
    assert_int_equal(w->answer[0].word[0], 1);
    assert_int_equal(tty_call(w, 0, FS_TTY_SETPGRP, 0, NULL, 0), ERR_INVAL);
    assert_int_equal(tty_call(w, 0, FS_TTY_SETPGRP, 77, NULL, 0), ERR_PERM);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_group, other, 3), 0);
    assert_int_equal(tty_call(w, 0, FS_TTY_SETPGRP, 2, NULL, 0), ERR_PERM);
    assert_int_equal(tty_call(w, 1, FS_TTY_GETPGRP, 0, NULL, 0), ERR_NOTTY);
    assert_int_equal(tty_call(w, 1, FS_TTY_SETPGRP, 2, NULL, 0), ERR_NOTTY);
    assert_int_equal(tty_call(w, 1, FS_TTY_TAKE, 0, NULL, 0), ERR_PERM);
    assert_int_equal(w_open(w, 1, "/dev/tty", FS_READ, 0), ERR_NXIO);
    assert_int_equal(w_open(w, 0, "/dev/tty", FS_READ, 0), 3);
    assert_int_equal(world_destroy(w, 0), 0);
    assert_int_equal(w->last_pgid, 1);
    assert_int_equal(w->last_signal, SIGCONT);
    assert_int_equal(w->nsignals, 2);
    assert_int_equal(w_open(w, 1, "/dev/console", FS_READ | FS_NOCTTY, 0), 3);
    assert_int_equal(w->v.tty.sid, 0);
    assert_int_equal(w_open(w, 1, "/dev/console", FS_READ, 0), 4);
    assert_int_equal(w->v.tty.sid, 2);
    assert_int_equal(tty_call(w, 1, FS_TTY_LEAVE, 0, NULL, 0), 0);
    assert_int_equal(w->v.tty.sid, 0);
    assert_int_equal(tty_call(w, 1, FS_TTY_TAKE, 0, NULL, 0), 0);
    assert_int_equal(tty_call(w, 1, FS_TTY_TAKE, 0, NULL, 0), 0);
    assert_int_equal(w->v.tty.pgrp, 2);
    stop(w);
}

static void output_can_be_held_and_queues_thrown_away(void **state)
{
    struct world *w = start(false);
    assert_int_equal(tty_call(w, 0, FS_TTY_FLOW, 0, NULL, 0), 0);
    assert_int_equal(w_write(w, 0, 1, "abc", 3), 3);
    assert_int_equal(w->out_len, 0);
    assert_int_equal(tty_call(w, 0, FS_TTY_DRAIN, 0, NULL, 0), WORLD_PARKED);
    interrupt(w, 0);
    assert_int_equal(world_status(w, 0), ERR_INTR);
    assert_int_equal(tty_call(w, 0, FS_TTY_FLOW, 1, NULL, 0), 0);
    assert_int_equal(w->out_len, 3);
    assert_int_equal(tty_call(w, 0, FS_TTY_FLOW, 2, NULL, 0), 0);
    assert_int_equal(tty_call(w, 0, FS_TTY_FLOW, 3, NULL, 0), 0);
    assert_memory_equal(w->out, "abc\x13\x11", 5);
    assert_int_equal(tty_call(w, 0, FS_TTY_FLOW, 4, NULL, 0), ERR_INVAL);
    type(w, "line\nmore\n");
    assert_int_equal(world_call(w, 0, fs_OP_pending, &(uint64_t){0}, 1, NULL, 0), 0);
    assert_int_equal(w->answer[0].word[0], 5);
    assert_int_equal(tty_call(w, 0, FS_TTY_FLUSH, 0, NULL, 0), 0);
    assert_int_equal(world_call(w, 0, fs_OP_pending, &(uint64_t){0}, 1, NULL, 0), 0);
    assert_int_equal(w->answer[0].word[0], 0);
    assert_int_equal(tty_call(w, 0, FS_TTY_FLUSH, 3, NULL, 0), ERR_INVAL);
    stop(w);
}

static void interrupt_gets_past_type_ahead(void **state)
{
    static char line[1001];
    struct world *w = start(false);
    memset(line, 'x', 999);
    line[999] = '\n';
    for (int i = 0; i < 20; i++)
        type(w, line);
    assert_int_equal(w->nsignals, 0);
    type(w, "\x03");
    assert_int_equal(w->last_signal, SIGINT);
    stop(w);
}

static void a_slow_console_holds_up_the_writer_only(void **state)
{
    struct world *w = start(false);
    char text[2000];
    memset(text, 'x', sizeof text);
    w->out_room = 100;
    assert_int_equal(world_clone(w, 0, 1, 2), 0);
    for (uint32_t taken = 0; taken < TTY_OUT - sizeof text; taken += sizeof text)
        assert_int_equal(w_write(w, 0, 1, text, sizeof text), sizeof text);
    assert_int_equal(w_write(w, 0, 1, text, sizeof text), PARKED);
    assert_int_equal(w_open(w, 1, "/f", FS_WRITE | FS_CREATE, 0644), 3);
    assert_int_equal(w->out_len, 100);
    w->out_room = 50000;
    vfs_console(&w->v);
    world_run(w);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w->answer[0].word[0], sizeof text);
    assert_int_equal(w->out_len % sizeof text, 0);
    w->out_room = 0;
    assert_int_equal(w_write(w, 0, 1, text, sizeof text), sizeof text);
    assert_int_equal(w_write(w, 0, 1, text, sizeof text), sizeof text);
    assert_int_equal(w_write(w, 0, 1, text, sizeof text), PARKED);
    interrupt(w, 0);
    assert_int_equal(world_status(w, 0), 0);
    assert_in_range(w->answer[0].word[0], 1, sizeof text - 1);
    stop(w);
}

static void settings_are_kept_and_drained_for(void **state)
{
    struct world *w = start(false);
    struct fs_termios t;
    struct fs_winsize size = {50, 132, 0, 0};
    assert_int_equal(tty_call(w, 0, FS_TTY_GETATTR, 0, NULL, 0), 0);
    memcpy(&t, w->answer[0].bytes, sizeof t);
    t.lflag &= ~(uint32_t)(FS_L_ICANON | FS_L_ECHO);
    w->out_room = 0;
    assert_int_equal(w_write(w, 0, 1, "x", 1), 1);
    assert_int_equal(tty_call(w, 0, FS_TTY_SETATTR, 1, &t, sizeof t), WORLD_PARKED);
    w->out_room = 10;
    vfs_console(&w->v);
    world_run(w);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(tty_call(w, 0, FS_TTY_SETWINSZ, 0, &size, sizeof size), 0);
    assert_int_equal(w->last_signal, SIGWINCH);
    assert_int_equal(tty_call(w, 0, FS_TTY_SETWINSZ, 0, &size, sizeof size), 0);
    assert_int_equal(w->nsignals, 1);
    assert_int_equal(tty_call(w, 0, FS_TTY_GETWINSZ, 0, NULL, 0), 0);
    assert_memory_equal(w->answer[0].bytes, &size, sizeof size);
    assert_int_equal(tty_call(w, 0, FS_TTY_SETATTR, 0, &t, 3), ERR_INVAL);
    assert_int_equal(tty_call(w, 0, FS_TTY_SETATTR, 9, &t, sizeof t), ERR_INVAL);
    assert_int_equal(tty_call(w, 0, 99, 0, NULL, 0), ERR_INVAL);
    assert_int_equal(w_open(w, 0, "/dev/null", FS_READ, 0), 3);
    uint64_t words[] = {3, FS_TTY_GETATTR, 0, 0};
    assert_int_equal(world_call(w, 0, fs_OP_tty, words, 4, NULL, 0), ERR_NOTTY);
    stop(w);
}

static void a_raw_read_ends_with_its_time(void **state)
{
    struct world *w = start(false);
    struct fs_termios t = w->v.tty.termios;
    t.lflag = 0;
    t.cc[FS_CC_MIN] = 0;
    t.cc[FS_CC_TIME] = 2;
    assert_int_equal(tty_call(w, 0, FS_TTY_SETATTR, 0, &t, sizeof t), 0);
    assert_int_equal(w_read(w, 0, 0, 10), PARKED);
    assert_int_equal(vfs_deadline(&w->v) <= w->v.hz / 5, true);
    w->v.ticks = w->v.hz / 5;
    vfs_tick(&w->v);
    world_run(w);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w->answer[0].word[0], 0);
    t.cc[FS_CC_TIME] = 0;
    assert_int_equal(tty_call(w, 0, FS_TTY_SETATTR, 0, &t, sizeof t), 0);
    assert_int_equal(w_read(w, 0, 0, 10), 0);
    stop(w);
}

static void a_hung_up_terminal_reads_as_ended(void **state)
{
    struct world *w = start(false);
    assert_int_equal(w_read(w, 0, 0, 10), PARKED);
    w->in_ended = true;
    vfs_console(&w->v);
    world_run(w);
    assert_int_equal(world_status(w, 0), 0);
    assert_int_equal(w->answer[0].word[0], 0);
    stop(w);
}

static void exec_mode_passes_bytes_as_they_are(void **state)
{
    struct world *w = start(true);
    struct fs_pollfd pfd = {0, FS_POLLIN, 0};
    uint64_t words[] = {1, 0, sizeof pfd}, tty[] = {0, FS_TTY_GETATTR, 0, 0};
    assert_int_equal(w_write(w, 0, 1, "a\nb\0c", 5), 5);
    assert_memory_equal(w->out, "a\nb\0c", 5);
    assert_int_equal(w_write(w, 0, 2, "err", 3), 3);
    assert_int_equal(w->err_len, 3);
    assert_int_equal(w_read(w, 0, 0, 10), PARKED);
    type(w, "\x03\x04x");
    assert_int_equal(world_status(w, 0), 0);
    assert_memory_equal(w->answer[0].bytes, "\x03\x04x", 3);
    assert_int_equal(world_call(w, 0, fs_OP_poll, words, 3, &pfd, sizeof pfd), 0);
    assert_int_equal(w->answer[0].word[0], 0);
    w->in_ended = true;
    assert_int_equal(world_call(w, 0, fs_OP_poll, words, 3, &pfd, sizeof pfd), 0);
    assert_int_equal(w->answer[0].word[0], 1);
    assert_int_equal(w_read(w, 0, 0, 10), 0);
    assert_int_equal(world_call(w, 0, fs_OP_tty, tty, 4, NULL, 0), ERR_NOTTY);
    assert_int_equal(w_read(w, 0, 1, 1), ERR_BADF);
    assert_int_equal(w_open(w, 0, "/dev/tty", FS_READ, 0), ERR_NXIO);
    w->out_room = 2;
    assert_int_equal(w_write(w, 0, 1, "12345", 5), PARKED);
    w->out_room = 100;
    vfs_console(&w->v);
    world_run(w);
    assert_int_equal(w->answer[0].word[0], 5);
    stop(w);
}

static void last_words_come_out(void **state)
{
    struct world *w = start(false);
    uint64_t words[6] = {7};
    memcpy(words + 1, "killed\n", 7);
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_say, words, 6), 0);
    assert_memory_equal(w->out, "killed\r\n", 8);
    words[0] = 1ul << 40;
    assert_int_equal(world_request(w, SRV_PROC, procfs_OP_say, words, 6), 0);
    stop(w);
}

int main(void)
{
#define T(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        T(a_background_read_waits_for_sigcont_each_time),
        T(an_interrupt_that_overtakes_proc_is_not_lost),
        T(who_ignores_the_signal_writes_but_does_not_read),
        T(a_session_has_its_terminal_until_its_leader_ends),
        T(output_can_be_held_and_queues_thrown_away), T(interrupt_gets_past_type_ahead),
        T(a_line_reaches_who_waits_for_it), T(keys_signal_the_foreground_group),
        T(a_slow_console_holds_up_the_writer_only), T(settings_are_kept_and_drained_for),
        T(a_raw_read_ends_with_its_time), T(a_hung_up_terminal_reads_as_ended),
        T(exec_mode_passes_bytes_as_they_are), T(last_words_come_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
