/* Lines from the terminal through the line editor. */
#ifndef APPS_SH_KEYBOARD_H
#define APPS_SH_KEYBOARD_H

#include "apps/sh/edit.h"
#include "apps/sh/shell.h"

struct keyboard {
    struct history history;
    struct edit edit;
    char *file; /* of the history; NULL: none */
};

enum keyboard_result {
    KEYBOARD_LINE,
    KEYBOARD_END,
    KEYBOARD_GIVEN_UP, /* ^C, or a signal whose action is due */
};

/* The editor for an interactive shell, with the history of $HISTFILE, if its terminal can do what it
 * needs; shell->keyboard stays NULL otherwise. Stop: the history is kept. */
void keyboard_start(struct shell *shell);
void keyboard_stop(struct shell *shell);
/* A line that is typed, without its newline: keyboard->edit.line. The terminal is as before then. */
enum keyboard_result keyboard_read(struct shell *shell, const char *prompt);

/* complete.c: edit_complete_fn; context: the shell. */
void complete_word(void *context, const struct editline *line, struct completion *found);

#endif
