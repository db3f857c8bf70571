/* Changes as diff, diff -e and diff -f show them (POSIX, "diff" utility). */
#include <stdio.h>
#include <string.h>

#include "apps/diff/diff.h"

void print_lines(const struct source *source, size_t first, size_t end, const char *before)
{
    for (size_t i = first; i < end; i++) {
        fputs(before, stdout);
        fwrite(source->lines[i], 1, (size_t)(source->lines[i + 1] - source->lines[i]), stdout);
    }
    if (end == source->count && first < end && source->lacks_newline)
        fputs("\n\\ No newline at end of file\n", stdout);
}

/* Lines from..to as two numbers, or one if they are the same; none: the line before. */
static void print_range(char between, size_t first, size_t end)
{
    if (end > first + 1)
        printf("%zu%c%zu", first + 1, between, end);
    else
        printf("%zu", end);
}

static char letter(const struct change *change)
{
    if (change->first[0] == change->end[0])
        return 'a';
    return change->first[1] == change->end[1] ? 'd' : 'c';
}

static void print_normal(struct source pair[2], const struct change *change)
{
    print_range(',', change->first[0], change->end[0]);
    putchar(letter(change));
    print_range(',', change->first[1], change->end[1]);
    putchar('\n');
    print_lines(&pair[0], change->first[0], change->end[0], "< ");
    if (letter(change) == 'c')
        puts("---");
    print_lines(&pair[1], change->first[1], change->end[1], "> ");
}

/* Text for an editor: a line that is a dot would end it, so it goes in as two and loses one. */
static void print_ed_text(const struct source *source, size_t first, size_t end)
{
    bool open = true;

    for (size_t i = first; i < end; i++) {
        size_t len = (size_t)(source->lines[i + 1] - source->lines[i]);
        bool is_dot = len == 2 && !memcmp(source->lines[i], ".\n", 2);
        if (!open)
            puts("a");
        open = true;
        fwrite(source->lines[i], 1, len, stdout);
        if (is_dot) {
            puts(".\n.\ns/.//");
            open = false;
        }
    }
    if (open)
        puts(".");
}

static void print_ed(struct source pair[2], const struct change *change)
{
    print_range(',', change->first[0], change->end[0]);
    printf("%c\n", letter(change));
    if (letter(change) != 'd')
        print_ed_text(&pair[1], change->first[1], change->end[1]);
}

static void print_forward_ed(struct source pair[2], const struct change *change)
{
    putchar(letter(change));
    print_range(' ', change->first[0], change->end[0]);
    putchar('\n');
    if (letter(change) == 'd')
        return;
    print_lines(&pair[1], change->first[1], change->end[1], "");
    puts(".");
}

/* From the last to the first, so that line numbers stay true. */
static void print_backwards(struct source pair[2], const struct change *script)
{
    const struct change *last = NULL;

    while (last != script) {
        const struct change *change = script;
        while (change->next != last)
            change = change->next;
        print_ed(pair, change);
        last = change;
    }
}

void print_script(struct source pair[2], const struct change *script)
{
    if (options.style == STYLE_ED)
        print_backwards(pair, script);
    else if (options.style == STYLE_CONTEXT || options.style == STYLE_UNIFIED)
        print_hunks(pair, script);
    else
        for (; script; script = script->next)
            if (options.style == STYLE_FORWARD_ED)
                print_forward_ed(pair, script);
            else
                print_normal(pair, script);
}
