/* ^R: look for a line typed before, by a text that it holds. */
#include "apps/sh/edit.h"

#include <stdio.h>
#include <string.h>

#define CONTROL(c) ((c) & 0x1f)
#define DEL 127

static void show_prompt(struct edit *edit, bool found)
{
    snprintf(edit->search_prompt, sizeof edit->search_prompt, "(%s) %s: ",
             found ? "history" : "not in history", edit->needle);
    edit->view.prompt = edit->search_prompt;
    if (!found)
        edit_bell(edit);
    edit_redraw(edit);
}

/* Show the newest line before number `before` that has the needle. */
static void look(struct edit *edit, size_t before)
{
    size_t at;
    bool found = history_search(edit->history, before, edit->needle, &at);
    const char *hit;

    if (found) {
        edit->at = at;
        editline_set(&edit->line, edit->history->lines[at]);
        hit = strstr(edit->line.text, edit->needle);
        edit->line.cursor = (size_t)(hit - edit->line.text);
    }
    show_prompt(edit, found);
}

void edit_search_begin(struct edit *edit)
{
    edit_keep_draft(edit);
    edit->searches = true;
    edit->needle[0] = 0;
    show_prompt(edit, true);
}

static void end(struct edit *edit)
{
    const char *last = strrchr(edit->prompt, '\n');

    edit->searches = false;
    edit->view.prompt = last ? last + 1 : edit->prompt;
    edit_redraw(edit);
}

static void shorten(struct edit *edit)
{
    size_t n = strlen(edit->needle);

    while (n > 0 && (edit->needle[--n] & 0xc0) == 0x80)
        ;
    edit->needle[n] = 0;
    look(edit, edit->history->count);
}

static void lengthen(struct edit *edit, unsigned char byte)
{
    size_t n = strlen(edit->needle);

    if (n + 1 == sizeof edit->needle) {
        edit_bell(edit);
        return;
    }
    edit->needle[n] = (char)byte;
    edit->needle[n + 1] = 0;
    look(edit, edit->at < edit->history->count ? edit->at + 1 : edit->at);
}

bool edit_search_key(struct edit *edit, unsigned char byte)
{
    if (byte == CONTROL('R')) {
        look(edit, edit->at);
    } else if (byte == DEL || byte == CONTROL('H')) {
        shorten(edit);
    } else if (byte >= ' ') {
        lengthen(edit, byte);
    } else {
        if (byte == CONTROL('G'))
            edit_restore_draft(edit);
        end(edit);
        return byte == CONTROL('G');
    }
    return true;
}
