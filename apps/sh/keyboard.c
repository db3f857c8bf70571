/* Lines from the terminal through the line editor: the terminal's modes, size and bytes, and where the
 * history is kept. */
#include "apps/sh/keyboard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define HISTORY_LINES 500
#define HISTORY_FILE "/.sh_history" /* at home */

static bool can_edit(struct shell *shell)
{
    const char *term = vars_get(&shell->vars, "TERM");

    return isatty(0) && isatty(2) && !(term && !strcmp(term, "dumb"));
}

static char *history_file(struct shell *shell)
{
    const char *file = vars_get(&shell->vars, "HISTFILE"), *home = vars_get(&shell->vars, "HOME");
    char *path;

    if (file || !home)
        return file && *file ? must_strdup(file) : NULL;
    path = malloc(strlen(home) + sizeof HISTORY_FILE);
    if (!path)
        _exit(2);
    strcpy(path, strcmp(home, "/") ? home : "");
    return strcat(path, HISTORY_FILE);
}

void keyboard_start(struct shell *shell)
{
    const char *size = vars_get(&shell->vars, "HISTSIZE");
    long limit = size ? strtol(size, NULL, 10) : HISTORY_LINES;
    struct keyboard *keyboard;

    if (!can_edit(shell))
        return;
    keyboard = calloc(1, sizeof *keyboard);
    if (!keyboard)
        _exit(2);
    history_init(&keyboard->history, limit > 0 ? (size_t)limit : 0);
    edit_init(&keyboard->edit, &keyboard->history);
    keyboard->edit.complete = complete_word;
    keyboard->edit.context = shell;
    keyboard->file = history_file(shell);
    if (keyboard->file)
        history_load(&keyboard->history, keyboard->file);
    shell->keyboard = keyboard;
}

void keyboard_stop(struct shell *shell)
{
    struct keyboard *keyboard = shell->keyboard;

    if (!keyboard)
        return;
    shell->keyboard = NULL;
    if (keyboard->file && !history_save(&keyboard->history, keyboard->file))
        shell_complain(shell, "%s: %s", keyboard->file, strerror(errno));
    edit_free(&keyboard->edit);
    history_free(&keyboard->history);
    free(keyboard->file);
    free(keyboard);
}

/* --- the terminal ---------------------------------------------------------------------------- */

static void flush(struct edit *edit)
{
    size_t done = 0;

    while (done < edit->out.len) {
        ssize_t n = write(2, edit->out.data + done, edit->out.len - done);

        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    edit->out.len = 0;
}

static struct winsize window(void)
{
    struct winsize size = {0};

    if (ioctl(0, TIOCGWINSZ, &size) < 0 || !size.ws_col || !size.ws_row)
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    return size;
}

/* Keys one by one and output unchanged. => false: there is no such terminal. */
static bool begin_raw(struct termios *before)
{
    struct termios raw;

    if (tcgetattr(0, before) < 0)
        return false;
    raw = *before;
    raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(0, TCSADRAIN, &raw) == 0;
}

/* Wait for a key. => EDIT_GOES_ON after it was handled. */
static enum edit_result one_key(struct edit *edit)
{
    char byte;
    ssize_t n;
    struct winsize size;

    switch (trap_wait_readable(0)) {
    case WAIT_SIGNAL:
        return edit_key(edit, 3); /* as ^C */
    case WAIT_RESIZED:
        size = window();
        edit_resize(edit, size.ws_row, size.ws_col);
        return EDIT_GOES_ON;
    case WAIT_READABLE:
        break;
    }
    n = read(0, &byte, 1);
    if (n == 1)
        return edit_key(edit, (unsigned char)byte);
    return n < 0 && errno == EINTR ? EDIT_GOES_ON : EDIT_END;
}

static enum keyboard_result edit_line(struct shell *shell, const char *prompt)
{
    struct edit *edit = &shell->keyboard->edit;
    struct winsize size = window();
    enum edit_result result = EDIT_GOES_ON;

    edit_begin(edit, prompt, size.ws_row, size.ws_col);
    while (result == EDIT_GOES_ON) {
        flush(edit);
        result = one_key(edit);
    }
    flush(edit);
    return result == EDIT_LINE ? KEYBOARD_LINE
         : result == EDIT_END  ? KEYBOARD_END : KEYBOARD_GIVEN_UP;
}

enum keyboard_result keyboard_read(struct shell *shell, const char *prompt)
{
    struct termios before;
    enum keyboard_result result;

    if (!begin_raw(&before))
        return KEYBOARD_END;
    result = edit_line(shell, prompt);
    tcsetattr(0, TCSADRAIN, &before);
    if (result == KEYBOARD_LINE)
        history_add(&shell->keyboard->history, shell->keyboard->edit.line.text);
    return result;
}
