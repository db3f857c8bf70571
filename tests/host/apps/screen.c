/* See screen.h. */
#include "screen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "apps/sh/editline.h"

void screen_init(struct screen *screen, unsigned rows, unsigned cols)
{
    *screen = (struct screen){.rows = rows, .cols = cols};
    assert(rows <= SCREEN_ROWS && cols <= SCREEN_COLS);
    for (unsigned row = 0; row < rows; row++)
        for (unsigned col = 0; col < cols; col++)
            strcpy(screen->cell[row][col], " ");
}

static void clear(struct screen *screen, unsigned row, unsigned col)
{
    for (; row < screen->rows; row++, col = 0)
        for (unsigned c = col; c < screen->cols; c++)
            strcpy(screen->cell[row][c], " ");
}

static void next_row(struct screen *screen)
{
    if (++screen->row < screen->rows)
        return;
    screen->row--;
    screen->scrolled++;
    memmove(screen->cell[0], screen->cell[1], sizeof screen->cell[0] * (screen->rows - 1));
    clear(screen, screen->rows - 1, 0);
}

static void put(struct screen *screen, const char *text, size_t n)
{
    unsigned width = utf8_columns(text, n);

    if (width == 0) { /* a mark goes to the character before it */
        strncat(screen->cell[screen->row][screen->col ? screen->col - 1 : 0], text, n);
        return;
    }
    if (screen->wraps || screen->col + width > screen->cols) {
        screen->col = 0;
        next_row(screen);
    }
    memcpy(screen->cell[screen->row][screen->col], text, n);
    screen->cell[screen->row][screen->col][n] = 0;
    if (width == 2)
        screen->cell[screen->row][screen->col + 1][0] = 0;
    screen->col += width;
    screen->wraps = screen->col == screen->cols;
    if (screen->wraps)
        screen->col--;
}

static void sequence(struct screen *screen, char last)
{
    unsigned n = (unsigned)atoi(screen->escape + 2);

    n = n ? n : 1;
    screen->wraps = false;
    if (last == 'A')
        screen->row -= n < screen->row ? n : screen->row;
    else if (last == 'B')
        screen->row = screen->row + n < screen->rows ? screen->row + n : screen->rows - 1;
    else if (last == 'C')
        screen->col = screen->col + n < screen->cols ? screen->col + n : screen->cols - 1;
    else if (last == 'H')
        screen->row = screen->col = 0;
    else if (last == 'J')
        n == 2 ? clear(screen, 0, 0) : clear(screen, screen->row, screen->col);
    else
        assert(last == 'm');
}

static void control(struct screen *screen, char c)
{
    if (c == '\r')
        screen->col = 0;
    else if (c == '\n')
        next_row(screen);
    else
        assert(c == '\a');
    screen->bells += c == '\a';
    screen->wraps = screen->wraps && c == '\a';
}

static void escape(struct screen *screen, char c)
{
    screen->escape[screen->nescape++] = c;
    assert(screen->nescape < sizeof screen->escape);
    if (screen->nescape < 3 || c < '@')
        return;
    screen->escape[screen->nescape] = 0;
    screen->nescape = 0;
    sequence(screen, c);
}

void screen_print(struct screen *screen, const char *bytes, size_t n)
{
    for (size_t len; n > 0; bytes += len, n -= len) {
        len = utf8_length(bytes, n);
        if (*bytes == '\033' || screen->nescape)
            escape(screen, *bytes);
        else if (len == 1 && ((unsigned char)*bytes < ' ' || *bytes == 127))
            control(screen, *bytes);
        else
            put(screen, bytes, len);
    }
}

const char *screen_row(const struct screen *screen, unsigned row)
{
    static char text[SCREEN_COLS * 8];
    size_t n;

    text[0] = 0;
    for (unsigned c = 0; c < screen->cols; c++)
        strcat(text, screen->cell[row][c]);
    for (n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
        text[n - 1] = 0;
    return text;
}
