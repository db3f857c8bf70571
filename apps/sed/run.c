/* sed's cycles: each line goes through the commands.
 *
 * A command either lets the next one follow or ends the cycle; enum flow says which way. */
#include "apps/sed/sed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"

enum flow {
    FLOW_NEXT,    /* the next command */
    FLOW_JUMP,    /* the command's target */
    FLOW_END,     /* print the pattern space, then the next line */
    FLOW_DELETE,  /* the next line */
    FLOW_RESTART, /* the first command, with what is left of the pattern space */
    FLOW_QUIT     /* print the pattern space, then no more */
};

/* What a and r put behind the line. */
struct append {
    struct append *next;
    const struct command *command;
};

static const struct script *script;
static struct line space, hold;
static bool replaced; /* since the last line was read or t */
static bool silent;   /* quit without printing */
static struct append *appends, **last_append = &appends;
static int exit_status;

static void copy_file(const char *name)
{
    bool is_stdin = !strcmp(name, "/dev/stdin");
    FILE *stream = is_stdin ? stdin : fopen(name, "r");
    char buffer[4096];
    size_t n;

    while (stream && (n = fread(buffer, 1, sizeof buffer, stream)) > 0)
        output_text(output_standard(), buffer, n);
    if (stream && !is_stdin)
        fclose(stream);
}

static void write_appends(void)
{
    while (appends) {
        struct append *first = appends;
        if (first->command->verb == 'a')
            output_text(output_standard(), first->command->text, first->command->len);
        else
            copy_file(first->command->text);
        appends = first->next;
        free(first);
    }
    last_append = &appends;
}

static void append(const struct command *command)
{
    struct append *new = app_alloc(sizeof *new);

    *new = (struct append){.command = command};
    *last_append = new;
    last_append = &new->next;
}

static bool next_line(struct line *line)
{
    write_appends();
    replaced = false;
    return input_next(line);
}

/* Whether the range that has begun ends with this line. */
static bool ends_range(const struct command *command)
{
    const struct address *to = &command->to;
    regmatch_t found;

    switch (to->kind) {
    case ADDRESS_PATTERN:
        return find_pattern(to->regex, &space, 0, 1, &found);
    case ADDRESS_LAST:
        return input_is_last();
    default:
        return input_number() >= command->range_end;
    }
}

static bool is_at(const struct address *at)
{
    unsigned long number = input_number();
    regmatch_t found;

    switch (at->kind) {
    case ADDRESS_NONE:
        return true;
    case ADDRESS_LINE:
        return number == at->number;
    case ADDRESS_LAST:
        return input_is_last();
    case ADDRESS_STEP:
        return at->step ? number >= at->number && (number - at->number) % at->step == 0
                        : number == at->number;
    default:
        return find_pattern(at->regex, &space, 0, 1, &found);
    }
}

/* A range whose end is a number has it from its first line on. */
static void begin_range(struct command *command)
{
    const struct address *to = &command->to;
    unsigned long number = input_number();

    command->range_end = to->kind == ADDRESS_LINE   ? to->number
                         : to->kind == ADDRESS_MORE ? number + to->number
                         : to->number               ? (number + to->number - 1) / to->number * to->number
                                                    : number;
    command->in_range = to->kind == ADDRESS_PATTERN || to->kind == ADDRESS_LAST
                            ? to->kind == ADDRESS_PATTERN || !input_is_last()
                            : command->range_end > number;
}

static bool is_selected(struct command *command)
{
    if (command->to.kind == ADDRESS_NONE)
        return is_at(&command->from);
    if (command->in_range && command->to.kind == ADDRESS_LINE &&
        command->range_end && input_number() > command->range_end) {
        command->in_range = false;
        return is_at(&command->from);
    }
    if (command->in_range) {
        command->in_range = !ends_range(command);
        return true;
    }
    if (!is_at(&command->from))
        return false;
    begin_range(command);
    return true;
}

/* => how many columns the next character takes when it is shown by l. */
static size_t show_char(char out[8], unsigned char c)
{
    static const char values[] = "\\\a\b\f\n\r\t\v", letters[] = "\\abfnrtv";
    const char *found = memchr(values, c, sizeof values - 1);

    if (found)
        sprintf(out, "\\%c", letters[found - values]);
    else
        sprintf(out, isprint(c) ? "%c" : "\\%03o", c);
    return strlen(out);
}

static void list(long width)
{
    struct line shown = {0};
    size_t column = 0;

    for (size_t i = 0; i < space.len; i++) {
        char text[8];
        size_t n = show_char(text, (unsigned char)space.text[i]);
        if (width > 1 && column + n > (size_t)width - 1) {
            line_add(&shown, "\\\n", 2);
            column = 0;
        }
        line_add(&shown, text, n);
        column += n;
    }
    line_add(&shown, "$\n", 2);
    output_text(output_standard(), shown.text, shown.len);
    line_free(&shown);
}

static void print_first_line(void)
{
    const char *end = memchr(space.text, '\n', space.len);
    struct line first = space;

    first.len = end ? (size_t)(end - space.text) : space.len;
    first.had_newline = end || space.had_newline;
    output_line(output_standard(), &first);
}

static void print_number(void)
{
    char text[32];

    output_text(output_standard(), text, (size_t)sprintf(text, "%lu\n", input_number()));
}

static void copy_space(struct line *to, const struct line *from)
{
    bool had_newline = to->had_newline;

    line_clear(to);
    line_add(to, from->text, from->len);
    to->had_newline = had_newline;
}

static void append_space(struct line *to, const struct line *from)
{
    line_char(to, '\n');
    line_add(to, from->text, from->len);
}

static void exchange(void)
{
    struct line kept = space;

    space = hold;
    hold = kept;
    space.had_newline = kept.had_newline;
}

/* N: the next line behind a newline. */
static enum flow join_next(void)
{
    struct line next = {0};

    if (input_at_end()) {
        silent = script->posix;
        return FLOW_QUIT;
    }
    next_line(&next);
    append_space(&space, &next);
    space.had_newline = next.had_newline;
    line_free(&next);
    return FLOW_NEXT;
}

static enum flow replace_by_next(void)
{
    if (input_at_end())
        return silent = script->posix, FLOW_QUIT;
    if (!script->quiet)
        output_line(output_standard(), &space);
    next_line(&space);
    return FLOW_NEXT;
}

/* D: without its first line, the pattern space goes through the script again. */
static enum flow delete_first_line(void)
{
    char *end = memchr(space.text, '\n', space.len);

    if (!end)
        return FLOW_DELETE;
    space.len -= (size_t)(end + 1 - space.text);
    memmove(space.text, end + 1, space.len + 1);
    return FLOW_RESTART;
}

static void translate(const unsigned char *map)
{
    for (size_t i = 0; i < space.len; i++)
        space.text[i] = (char)map[(unsigned char)space.text[i]];
}

static void change_line(const struct command *command)
{
    bool at_end = command->to.kind == ADDRESS_NONE || !command->in_range || command->negated;

    if (at_end)
        output_text(output_standard(), command->text, command->len);
}

static void run_substitution(const struct substitution *how)
{
    if (!substitute(how, &space))
        return;
    replaced = true;
    if (how->print)
        output_line(output_standard(), &space);
    if (how->file)
        output_line(how->file, &space);
}

static enum flow branch_if(bool condition)
{
    if (!condition)
        return FLOW_NEXT;
    replaced = false;
    return FLOW_JUMP;
}

/* The commands that copy between the spaces and do no more. */
static void run_copy(char verb)
{
    switch (verb) {
    case 'g':
        copy_space(&space, &hold);
        break;
    case 'G':
        append_space(&space, &hold);
        break;
    case 'h':
        copy_space(&hold, &space);
        break;
    case 'H':
        append_space(&hold, &space);
        break;
    case 'x':
        exchange();
        break;
    default:
        space.len = 0;
        space.text[0] = 0;
    }
}

/* The commands that write and do no more. */
static void run_write(const struct command *command)
{
    switch (command->verb) {
    case '=':
        print_number();
        break;
    case 'a':
    case 'r':
        append(command);
        break;
    case 'i':
        output_text(output_standard(), command->text, command->len);
        break;
    case 'l':
        list(command->number >= 0 ? command->number : script->width);
        break;
    case 'p':
        output_line(output_standard(), &space);
        break;
    case 'P':
        print_first_line();
        break;
    case 'w':
        output_line(command->file, &space);
        break;
    default:
        break;
    }
}

static enum flow quit(const struct command *command)
{
    exit_status = command->number > 0 ? (int)command->number : 0;
    silent = command->verb == 'Q';
    return FLOW_QUIT;
}

static enum flow run_command(const struct command *command)
{
    switch (command->verb) {
    case 'b':
        return FLOW_JUMP;
    case 't':
        return branch_if(replaced);
    case 'T':
        return replaced ? (replaced = false, FLOW_NEXT) : FLOW_JUMP;
    case 'c':
        change_line(command);
        return FLOW_DELETE;
    case 'd':
        return FLOW_DELETE;
    case 'D':
        return delete_first_line();
    case 'n':
        return replace_by_next();
    case 'N':
        return join_next();
    case 'q':
    case 'Q':
        return quit(command);
    case 's':
        run_substitution(command->substitution);
        return FLOW_NEXT;
    case 'y':
        translate(command->map);
        return FLOW_NEXT;
    case 'g':
    case 'G':
    case 'h':
    case 'H':
    case 'x':
    case 'z':
        run_copy(command->verb);
        return FLOW_NEXT;
    default:
        run_write(command);
        return FLOW_NEXT;
    }
}

static enum flow run_commands(void)
{
    size_t i = 0;

    while (i < script->count) {
        struct command *command = &script->commands[i++];
        enum flow flow = FLOW_NEXT;
        bool selected = is_selected(command) != command->negated;
        if (command->verb == '{')
            flow = selected ? FLOW_NEXT : FLOW_JUMP;
        else if (selected)
            flow = run_command(command);
        if (flow == FLOW_JUMP)
            i = command->target;
        else if (flow != FLOW_NEXT)
            return flow;
    }
    return FLOW_END;
}

int run_script(struct script *of, char **paths)
{
    enum flow flow = FLOW_END;

    script = of;
    input_start(script, paths);
    line_clear(&hold);
    line_clear(&space);
    while (flow != FLOW_QUIT && (flow == FLOW_RESTART || next_line(&space))) {
        flow = run_commands();
        if ((flow == FLOW_END || flow == FLOW_QUIT) && !script->quiet && !silent)
            output_line(output_standard(), &space);
        write_appends();
    }
    input_end();
    line_free(&hold);
    line_free(&space);
    return exit_status ? exit_status : input_status();
}
