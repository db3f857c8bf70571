/* How a line with its prompt stands on a terminal: which bytes make the screen show it. Wants no more
 * of the terminal than ANSI's cursor movements and clearing, and that lines wrap. Pure.
 *
 * Rows count from the prompt's last line. Of a line that has more rows than the screen, the part
 * around the cursor is shown. */
#ifndef APPS_SH_VIEW_H
#define APPS_SH_VIEW_H

#include "apps/common/arena.h"
#include "apps/sh/editline.h"

struct view {
    unsigned cols, rows; /* of the terminal; at least 2 and 1 */
    const char *prompt;  /* its last line; may hold escape sequences */
    unsigned row, col;   /* where the terminal's cursor is */
    unsigned top;        /* first row shown */
};

/* Print the whole prompt at the beginning of a row; the view then starts there, with an empty line. */
void view_begin(struct view *view, struct buf *out, const char *prompt);
/* Show the line as it is now, over whatever was shown. */
void view_draw(struct view *view, struct buf *out, const struct editline *line);
/* The line was shown and only its cursor has moved, or one character was added at its end. */
void view_move(struct view *view, struct buf *out, const struct editline *line);
void view_append(struct view *view, struct buf *out, const struct editline *line, size_t from);
/* Leave it as it is and go to the row below. */
void view_leave(struct view *view, struct buf *out, const struct editline *line);
/* The terminal has another size now, and wrapped again what it shows: show the line anew. */
void view_resize(struct view *view, struct buf *out, const struct editline *line, unsigned rows,
                 unsigned cols);

#endif
