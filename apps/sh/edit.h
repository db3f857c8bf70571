/* The line editor: bytes of keys in, bytes for the screen and at last a line out. Pure: it neither
 * reads nor writes; files and commands for Tab come from a function it is given.
 *
 *   ^A ^E ^B ^F Home End arrows       move; Alt-b Alt-f and Control-arrows by words
 *   Backspace ^H Delete ^D            one character; ^D on an empty line: end of input
 *   ^U ^K ^W Alt-d Alt-Backspace      cut to the beginning, the end, a blank, words; ^Y puts back
 *   ^P ^N up down, ^R                 lines typed before; search among them
 *   ^T swap two characters, ^L clear the screen, ^V next key as it is, Tab complete, ^C give up
 */
#ifndef APPS_SH_EDIT_H
#define APPS_SH_EDIT_H

#include <stdbool.h>

#include "apps/common/arena.h"
#include "apps/sh/glob.h"
#include "apps/sh/history.h"
#include "apps/sh/editline.h"
#include "apps/sh/view.h"

#define EDIT_NEEDLE 128 /* bytes of a text searched for */

enum edit_result {
    EDIT_GOES_ON,
    EDIT_LINE,    /* Enter: `line` is complete */
    EDIT_GIVEN_UP, /* ^C */
    EDIT_END,     /* ^D on an empty line */
};

/* What the word before the cursor can be completed to. */
struct completion {
    size_t start;           /* where that word begins */
    struct strings words;   /* in its place, as they are to be typed; sorted */
    struct strings names;   /* the same, for people */
};

typedef void edit_complete_fn(void *context, const struct editline *line, struct completion *found);

struct edit {
    struct editline line;
    struct view view;
    struct history *history;
    edit_complete_fn *complete; /* NULL: Tab rings the bell */
    void *context;
    /* the line being typed */
    const char *prompt;
    struct arena *arena; /* of out and completions */
    struct buf out;      /* for the screen; whoever writes it sets its len to 0 */
    size_t at;           /* which line of the history is shown; count: none of them */
    char *draft;         /* the line that was there before */
    /* keys */
    unsigned char escape[16]; /* of a key of several bytes, what came */
    unsigned nescape;
    char partial[4]; /* of a character of several bytes, what came */
    unsigned npartial;
    bool is_literal;         /* the next key is text */
    bool was_tab, was_cut;   /* the last key completed, cut */
    bool cuts;               /* this one does */
    char *cut; /* what ^Y puts back */
    /* ^R */
    bool searches;
    char needle[EDIT_NEEDLE], search_prompt[EDIT_NEEDLE + 32];
};

void edit_init(struct edit *edit, struct history *history);
void edit_free(struct edit *edit);
/* Begin a line: `out` shows the prompt, which stays the caller's. */
void edit_begin(struct edit *edit, const char *prompt, unsigned rows, unsigned cols);
/* A byte was typed. After anything but EDIT_GOES_ON the next call is edit_begin. */
enum edit_result edit_key(struct edit *edit, unsigned char byte);
/* The terminal has changed its size. */
void edit_resize(struct edit *edit, unsigned rows, unsigned cols);

/* edit_search.c: ^R. Begin; a key while it goes on => false: it is over, and the key means what it
 * means otherwise. */
void edit_search_begin(struct edit *edit);
bool edit_search_key(struct edit *edit, unsigned char byte);
/* edit_complete.c: Tab; `again`: for the second time in a row. */
void edit_tab(struct edit *edit, bool again);
/* edit.c, for these two. The draft is the line that is none of the history's. */
void edit_keep_draft(struct edit *edit);
void edit_restore_draft(struct edit *edit);
void edit_bell(struct edit *edit);
void edit_redraw(struct edit *edit);

#endif
