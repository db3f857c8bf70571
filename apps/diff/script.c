/* The shortest way from one file to the other (E. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", in linear space).
 *
 * Lines that the other file doesn't have are changed in any case and stay out of the search. A pair of
 * positions (x in the first file, y in the second) lies on diagonal x - y. The search goes from both
 * corners of a box at once, with one change more in each round, until the two meet; the boxes before
 * and behind that place are searched by themselves. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"
#include "apps/diff/diff.h"

#define ROUNDS_MIN 256 /* before a search is content with a way that may not be the shortest */

/* How far a search came on each diagonal that it reached. */
struct front {
    long *x;
    long low, high;
};

struct search {
    unsigned *ids[2]; /* of the lines that take part */
    size_t *lines[2]; /* which lines those are */
    bool *changed[2];
    struct front forward, backward;
    long rounds_max;
};

struct box {
    long x, x_end, y, y_end;
};

struct place {
    long x, y;
};

/* One diagonal more on both sides, as far as the box has them; `none`: where nothing came from. */
static void widen(struct front *front, const struct box *box, long none)
{
    if (front->low > box->x - box->y_end)
        front->x[--front->low - 1] = none;
    else
        front->low++;
    if (front->high < box->x_end - box->y)
        front->x[++front->high + 1] = none;
    else
        front->high--;
}

/* => whether it met the search from the other corner, at *met. */
static bool step_forward(struct search *s, const struct box *box, bool may_meet, struct place *met)
{
    struct front *front = &s->forward, *other = &s->backward;

    widen(front, box, -1);
    for (long k = front->high; k >= front->low; k -= 2) {
        long right = front->x[k - 1] + 1, down = front->x[k + 1];
        long x = right > down ? right : down;
        while (x < box->x_end && x - k < box->y_end && s->ids[0][x] == s->ids[1][x - k])
            x++;
        front->x[k] = x;
        if (may_meet && k >= other->low && k <= other->high && other->x[k] <= x) {
            *met = (struct place){x, x - k};
            return true;
        }
    }
    return false;
}

static bool step_backward(struct search *s, const struct box *box, bool may_meet, struct place *met)
{
    struct front *front = &s->backward, *other = &s->forward;

    widen(front, box, LONG_MAX);
    for (long k = front->high; k >= front->low; k -= 2) {
        long up = front->x[k - 1], left = front->x[k + 1] - 1;
        long x = up < left ? up : left;
        while (x > box->x && x - k > box->y && s->ids[0][x - 1] == s->ids[1][x - k - 1])
            x--;
        front->x[k] = x;
        if (may_meet && k >= other->low && k <= other->high && x <= other->x[k]) {
            *met = (struct place){x, x - k};
            return true;
        }
    }
    return false;
}

/* The place of the forward search that is farthest from its corner. */
static struct place farthest(const struct search *s, const struct box *box)
{
    struct place best = {box->x, box->y};

    for (long k = s->forward.low; k <= s->forward.high; k += 2) {
        long x = s->forward.x[k] < box->x_end ? s->forward.x[k] : box->x_end, y = x - k;
        if (y > box->y_end) {
            y = box->y_end;
            x = y + k;
        }
        if (x + y > best.x + best.y)
            best = (struct place){x, y};
    }
    return best;
}

/* A place on the shortest way through a box, neither side of which is empty. */
static struct place find_middle(struct search *s, const struct box *box)
{
    long first = box->x - box->y, last = box->x_end - box->y_end;
    bool odd = (first - last) & 1;
    struct place met;

    s->forward.low = s->forward.high = first;
    s->forward.x[first] = box->x;
    s->backward.low = s->backward.high = last;
    s->backward.x[last] = box->x_end;
    for (long round = 0; round < s->rounds_max; round++)
        if (step_forward(s, box, odd, &met) || step_backward(s, box, !odd, &met))
            return met;
    return farthest(s, box);
}

static void search_box(struct search *s, struct box box)
{
    struct place middle;

    while (box.x < box.x_end && box.y < box.y_end && s->ids[0][box.x] == s->ids[1][box.y]) {
        box.x++;
        box.y++;
    }
    while (box.x < box.x_end && box.y < box.y_end &&
           s->ids[0][box.x_end - 1] == s->ids[1][box.y_end - 1]) {
        box.x_end--;
        box.y_end--;
    }
    if (box.x == box.x_end || box.y == box.y_end) {
        for (long x = box.x; x < box.x_end; x++)
            s->changed[0][s->lines[0][x]] = true;
        for (long y = box.y; y < box.y_end; y++)
            s->changed[1][s->lines[1][y]] = true;
        return;
    }
    middle = find_middle(s, &box);
    search_box(s, (struct box){box.x, middle.x, box.y, middle.y});
    search_box(s, (struct box){middle.x, box.x_end, middle.y, box.y_end});
}

/* The lines of file `i` that the other one has too; the rest is changed. => their number. */
static size_t choose_lines(struct search *s, struct source pair[2], int i)
{
    const struct source *mine = &pair[i], *other = &pair[!i];
    size_t total = pair[0].count + pair[1].count + 1, count = 0;
    bool *is_there = app_alloc(total);

    memset(is_there, 0, total);
    for (size_t n = 0; n < other->count; n++)
        is_there[other->ids[n]] = true;
    s->ids[i] = app_alloc((mine->count + 1) * sizeof *s->ids[i]);
    s->lines[i] = app_alloc((mine->count + 1) * sizeof *s->lines[i]);
    for (size_t n = 0; n < mine->count; n++) {
        mine->changed[n] = !is_there[mine->ids[n]];
        if (mine->changed[n])
            continue;
        s->ids[i][count] = mine->ids[n];
        s->lines[i][count++] = n;
    }
    free(is_there);
    s->changed[i] = mine->changed;
    return count;
}

static void find_changes(struct source pair[2])
{
    struct search s = {.rounds_max = ROUNDS_MIN};
    long x = (long)choose_lines(&s, pair, 0), y = (long)choose_lines(&s, pair, 1);
    size_t diagonals = (size_t)(x + y + 3);
    long *room = app_alloc(2 * diagonals * sizeof *room);

    for (long n = x + y; n > ROUNDS_MIN * ROUNDS_MIN / 16; n /= 4)
        s.rounds_max *= 2;
    s.forward.x = room + y + 1;
    s.backward.x = room + diagonals + y + 1;
    search_box(&s, (struct box){0, x, 0, y});
    for (int i = 0; i < 2; i++) {
        free(s.ids[i]);
        free(s.lines[i]);
    }
    free(room);
}

/* Where a run of changed lines could as well lie one or more lines up or down, all places mean the same:
 * it goes down as far as it can, joining runs that it meets, but beside one of the other file if it can.
 * `other`: a line of the other file that is as far behind unchanged lines as the run. */
struct run {
    size_t first, end, other;
};

/* Up while the line before is the same as the last of the run. */
static void slide_up(const struct source *mine, const struct source *yours, struct run *run)
{
    while (run->first && mine->ids[run->first - 1] == mine->ids[run->end - 1]) {
        mine->changed[--run->first] = true;
        mine->changed[--run->end] = false;
        while (run->first && mine->changed[run->first - 1])
            run->first--;
        do
            run->other--;
        while (yours->changed[run->other]);
    }
}

/* Down while the line behind is the same as the first of the run. => the end of the run where it last
 * had changes of the other file beside it; mine->count + 1: nowhere. */
static size_t slide_down(const struct source *mine, const struct source *yours, struct run *run,
                         size_t beside)
{
    while (run->end < mine->count && mine->ids[run->first] == mine->ids[run->end]) {
        mine->changed[run->first++] = false;
        mine->changed[run->end++] = true;
        while (run->end < mine->count && mine->changed[run->end])
            run->end++;
        while (yours->changed[++run->other])
            beside = run->end;
    }
    return beside;
}

/* Back up to where the run's end was `beside`. */
static void slide_back(const struct source *mine, const struct source *yours, struct run *run,
                       size_t beside)
{
    while (run->end > beside) {
        mine->changed[--run->first] = true;
        mine->changed[--run->end] = false;
        do
            run->other--;
        while (yours->changed[run->other]);
    }
}

static void slide_run(const struct source *mine, const struct source *yours, struct run *run)
{
    size_t len, beside;

    do {
        len = run->end - run->first;
        slide_up(mine, yours, run);
        beside = run->other && yours->changed[run->other - 1] ? run->end : mine->count + 1;
        beside = slide_down(mine, yours, run, beside);
    } while (len != run->end - run->first);
    slide_back(mine, yours, run, beside);
}

static void slide_changes(const struct source *mine, const struct source *yours)
{
    struct run run = {0};

    for (;;) {
        while (run.end < mine->count && !mine->changed[run.end]) {
            while (yours->changed[run.other++])
                ;
            run.end++;
        }
        if (run.end == mine->count)
            return;
        run.first = run.end;
        while (mine->changed[run.end])
            run.end++;
        while (yours->changed[run.other])
            run.other++;
        slide_run(mine, yours, &run);
    }
}

struct change *script_make(struct source pair[2])
{
    struct change *script = NULL, **last = &script;
    size_t at[2] = {0, 0};

    find_changes(pair);
    slide_changes(&pair[0], &pair[1]);
    slide_changes(&pair[1], &pair[0]);
    while (at[0] < pair[0].count || at[1] < pair[1].count) {
        struct change change = {.first = {at[0], at[1]}};
        for (int i = 0; i < 2; i++)
            while (pair[i].changed[at[i]])
                at[i]++;
        if (at[0] > change.first[0] || at[1] > change.first[1]) {
            change.end[0] = at[0];
            change.end[1] = at[1];
            *last = app_alloc(sizeof change);
            **last = change;
            last = &(*last)->next;
        } else {
            at[0]++;
            at[1]++;
        }
    }
    return script;
}

void script_free(struct change *script)
{
    while (script) {
        struct change *next = script->next;
        free(script);
        script = next;
    }
}
