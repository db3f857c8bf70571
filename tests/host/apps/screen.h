/* A terminal's screen, small: what the line editor prints becomes rows of text. */
#ifndef TEST_SCREEN_H
#define TEST_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#define SCREEN_ROWS 8
#define SCREEN_COLS 40

struct screen {
    unsigned rows, cols, row, col;
    bool wraps; /* the last column was written: the next character begins a row */
    unsigned bells, scrolled;
    char cell[SCREEN_ROWS][SCREEN_COLS][8]; /* one character each, "" in the right half of a wide one */
    char escape[16];
    unsigned nescape;
};

void screen_init(struct screen *screen, unsigned rows, unsigned cols);
/* Take what a program prints. Ends the test at anything a simple terminal does not know. */
void screen_print(struct screen *screen, const char *bytes, size_t n);
/* A row's text without blanks at its end, in memory that the next call uses again. */
const char *screen_row(const struct screen *screen, unsigned row);

#endif
