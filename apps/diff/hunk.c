/* Changes with the lines around them: diff -c and diff -u. Changes whose surroundings touch are one
 * hunk. */
#include <stdio.h>
#include <time.h>

#include "apps/diff/diff.h"

struct hunk {
    const struct change *first, *behind; /* the changes from first up to, not with, behind */
    size_t begin[2], end[2];
};

static void print_label(const char *mark, const struct source *source, const char *label)
{
    char day[40], zone[16];
    struct tm *tm = localtime(&source->st.st_mtim.tv_sec);

    if (label) {
        printf("%s %s\n", mark, label);
        return;
    }
    strftime(day, sizeof day, "%Y-%m-%d %H:%M:%S", tm);
    strftime(zone, sizeof zone, "%z", tm);
    printf("%s %s\t%s.%09ld %s\n", mark, source->path, day, source->st.st_mtim.tv_nsec, zone);
}

/* The hunk that begins with `change`. */
static struct hunk gather(struct source pair[2], const struct change *change)
{
    struct hunk hunk = {.first = change};
    size_t around = (size_t)options.context;
    const struct change *last = change;

    while (last->next && last->next->first[0] - last->end[0] <= 2 * around)
        last = last->next;
    hunk.behind = last->next;
    for (int i = 0; i < 2; i++) {
        size_t left = pair[i].count - last->end[i];
        hunk.begin[i] = change->first[i] > around ? change->first[i] - around : 0;
        hunk.end[i] = last->end[i] + (left < around ? left : around);
    }
    return hunk;
}

static void print_unified_range(size_t begin, size_t end)
{
    if (end == begin + 1)
        printf("%zu", end);
    else
        printf("%zu,%zu", end > begin ? begin + 1 : begin, end - begin);
}

static void print_unified(struct source pair[2], const struct hunk *hunk)
{
    size_t at = hunk->begin[0];

    fputs("@@ -", stdout);
    print_unified_range(hunk->begin[0], hunk->end[0]);
    fputs(" +", stdout);
    print_unified_range(hunk->begin[1], hunk->end[1]);
    puts(" @@");
    for (const struct change *change = hunk->first; change != hunk->behind; change = change->next) {
        print_lines(&pair[0], at, change->first[0], " ");
        print_lines(&pair[0], change->first[0], change->end[0], "-");
        print_lines(&pair[1], change->first[1], change->end[1], "+");
        at = change->end[0];
    }
    print_lines(&pair[0], at, hunk->end[0], " ");
}

static bool has_lines(const struct hunk *hunk, int i)
{
    for (const struct change *change = hunk->first; change != hunk->behind; change = change->next)
        if (change->first[i] < change->end[i])
            return true;
    return false;
}

/* One file's side: where the other one has lines in their place too, they are marked with !. */
static void print_side(struct source pair[2], const struct hunk *hunk, int i, const char *mark)
{
    size_t at = hunk->begin[i];

    if (!has_lines(hunk, i))
        return;
    for (const struct change *change = hunk->first; change != hunk->behind; change = change->next) {
        bool replaced = change->first[!i] < change->end[!i];
        print_lines(&pair[i], at, change->first[i], "  ");
        print_lines(&pair[i], change->first[i], change->end[i], replaced ? "! " : mark);
        at = change->end[i];
    }
    print_lines(&pair[i], at, hunk->end[i], "  ");
}

static void print_side_range(const struct hunk *hunk, int i)
{
    if (hunk->end[i] > hunk->begin[i] + 1)
        printf("%zu,%zu", hunk->begin[i] + 1, hunk->end[i]);
    else
        printf("%zu", hunk->end[i]);
}

static void print_context(struct source pair[2], const struct hunk *hunk)
{
    puts("***************");
    fputs("*** ", stdout);
    print_side_range(hunk, 0);
    puts(" ****");
    print_side(pair, hunk, 0, "- ");
    fputs("--- ", stdout);
    print_side_range(hunk, 1);
    puts(" ----");
    print_side(pair, hunk, 1, "+ ");
}

void print_hunks(struct source pair[2], const struct change *script)
{
    bool unified = options.style == STYLE_UNIFIED;

    if (!script)
        return;
    print_label(unified ? "---" : "***", &pair[0], options.labels[0]);
    print_label(unified ? "+++" : "---", &pair[1], options.labels[1]);
    while (script) {
        struct hunk hunk = gather(pair, script);
        if (unified)
            print_unified(pair, &hunk);
        else
            print_context(pair, &hunk);
        script = hunk.behind;
    }
}
