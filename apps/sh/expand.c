/* Expands words: ~, parameters, command substitution, arithmetic, then splitting into fields, file
 * names and removal of quotes (POSIX, "Word Expansions").
 *
 * A word becomes one string with a mark for each character; splitting and patterns look at the
 * marks, so quotes never have to be taken out again. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/sh/params.h"
#include "apps/sh/parser.h"
#include "apps/sh/pattern.h"
#include "apps/sh/shell.h"

enum mark {
    MARK_LITERAL = 'l', /* from the script, without quotes: may be a pattern */
    MARK_QUOTED = 'q',
    MARK_SPLIT = 's', /* from an expansion without quotes: split, may be a pattern */
    MARK_EMPTY = 'e', /* no character: there were quotes around nothing */
    MARK_BREAK = 'b', /* no character: the next parameter of $@ begins */
};

struct expansion {
    struct shell *shell;
    struct arena *arena;
    struct buf chars, marks;
};

static void put(struct expansion *out, char c, enum mark mark)
{
    buf_char(&out->chars, c);
    buf_char(&out->marks, (char)mark);
}

static void put_text(struct expansion *out, const char *text, enum mark mark)
{
    if (!*text && mark == MARK_QUOTED)
        put(out, 0, MARK_EMPTY);
    while (*text)
        put(out, *text++, mark);
}

static const char *ifs(struct shell *shell)
{
    const char *value = vars_get(&shell->vars, "IFS");

    return value ? value : " \t\n";
}

/* $@, and $* without quotes: one field each. "$*": one field. */
static void put_all_params(struct expansion *out, const struct part *part)
{
    struct params *params = &out->shell->params;
    enum mark mark = part->quoted ? MARK_QUOTED : MARK_SPLIT;
    bool joined = part->quoted && part->text[0] == '*';
    const char *separator = ifs(out->shell);

    if (joined && !params->count)
        put(out, 0, MARK_EMPTY);
    for (int i = 0; i < params->count; i++) {
        if (i > 0 && !joined)
            put(out, 0, MARK_BREAK);
        else if (i > 0 && *separator)
            put(out, *separator, mark);
        put_text(out, params->items[i], mark);
    }
}

static void put_parts(struct expansion *out, const struct part *part, enum mark literal);
static void put_first_text(struct expansion *out, const struct part *part, bool assigned,
                           enum mark mark);

/* The word of an operator: ~ counts at its beginning if it isn't quoted. */
static void put_operand(struct expansion *out, const struct part *operand, enum mark mark)
{
    if (operand->kind == PART_TEXT && !operand->quoted && mark != MARK_QUOTED) {
        put_first_text(out, operand, false, mark);
        operand = operand->next;
    }
    put_parts(out, operand, mark);
}

static char *part_string(struct expansion *out, const struct part *parts)
{
    struct word word = {.parts = (struct part *)parts};

    return expand_string(out->shell, out->arena, &word);
}

static void put_alternative(struct expansion *out, const struct part *part)
{
    if (part->operand)
        put_operand(out, part->operand, part->quoted ? MARK_QUOTED : MARK_SPLIT);
    else
        put_text(out, "", part->quoted ? MARK_QUOTED : MARK_SPLIT);
}

static bool is_list(const struct part *part)
{
    return !strcmp(part->text, "@") || !strcmp(part->text, "*");
}

static void put_value(struct expansion *out, const struct part *part, const char *value)
{
    if (is_list(part))
        put_all_params(out, part);
    else
        put_text(out, value ? value : "", part->quoted ? MARK_QUOTED : MARK_SPLIT);
}

/* ${name=operand} where name has no value. */
static void put_assigned(struct expansion *out, const struct part *part)
{
    char *value = part_string(out, part->operand);

    if (!name_length(part->text) || !vars_set(&out->shell->vars, part->text, value)) {
        shell_complain(out->shell, "%s: cannot be assigned to", part->text);
        out->shell->failed = true;
        return;
    }
    put_value(out, part, value);
}

static void complain_unset(struct expansion *out, const struct part *part)
{
    const char *text = part->operand ? part_string(out, part->operand) : "parameter not set";

    shell_complain(out->shell, "%s: %s", part->text, text);
    out->shell->failed = true;
}

static void put_cut(struct expansion *out, const struct part *part, const char *value)
{
    struct word word = {.parts = part->operand};
    char *pattern = expand_pattern(out->shell, out->arena, &word);

    put_value(out, part, param_cut(out->arena, value ? value : "", pattern, part->op));
}

static void put_param(struct expansion *out, const struct part *part)
{
    const char *value = param_value(out->shell, part->text, out->arena);
    bool unset = is_list(part) ? !out->shell->params.count : !value;
    bool missing = unset || (part->colon && !is_list(part) && !*value);
    char length[24];

    if (unset && out->shell->nounset && !is_list(part) &&
        (part->op == PARAM_PLAIN || part->op == PARAM_LENGTH || part->op >= PARAM_CUT_SUFFIX)) {
        complain_unset(out, &(struct part){.text = part->text});
        return;
    }
    if (part->op == PARAM_LENGTH) {
        snprintf(length, sizeof length, "%zu",
                 is_list(part) ? (size_t)out->shell->params.count : strlen(value ? value : ""));
        put_text(out, length, part->quoted ? MARK_QUOTED : MARK_SPLIT);
    } else if (part->op >= PARAM_CUT_SUFFIX) {
        put_cut(out, part, value);
    } else if (part->op == PARAM_ALTERNATE) {
        if (!missing)
            put_alternative(out, part);
        else if (part->quoted)
            put(out, 0, MARK_EMPTY);
    } else if (!missing || part->op == PARAM_PLAIN) {
        put_value(out, part, value);
    } else if (part->op == PARAM_DEFAULT) {
        put_alternative(out, part);
    } else if (part->op == PARAM_ASSIGN) {
        put_assigned(out, part);
    } else {
        complain_unset(out, part);
    }
}

static void put_arith(struct expansion *out, const struct part *part)
{
    char number[24];
    long value = arith_value(out->shell, part_string(out, part->operand));

    snprintf(number, sizeof number, "%ld", value);
    put_text(out, number, part->quoted ? MARK_QUOTED : MARK_SPLIT);
}

static void put_parts(struct expansion *out, const struct part *part, enum mark literal)
{
    for (; part && !out->shell->failed; part = part->next)
        switch (part->kind) {
        case PART_TEXT:
            put_text(out, part->text, part->quoted ? MARK_QUOTED : literal);
            break;
        case PART_PARAM:
            put_param(out, part);
            break;
        case PART_COMMAND:
            put_text(out, exec_capture(out->shell, part->list, out->arena),
                     part->quoted ? MARK_QUOTED : MARK_SPLIT);
            break;
        case PART_ARITH:
            put_arith(out, part);
            break;
        }
}

/* At ~ or ~name: put the home directory and return what follows; or `text` itself. */
static const char *put_tilde(struct expansion *out, const char *text)
{
    size_t n = strcspn(text, "/:");
    const char *home = vars_get(&out->shell->vars, "HOME");
    struct passwd *user;

    if (n > 1) {
        user = getpwnam(arena_strndup(out->arena, text + 1, n - 1));
        home = user ? user->pw_dir : NULL;
    }
    if (!home)
        return text;
    put_text(out, home, MARK_QUOTED);
    return text + n;
}

/* The unquoted text with which a word begins; in an assignment ~ counts behind colons too. What ~ stands
 * for ends within it, or with the word: a user's name has no quotes and expansions. */
static void put_first_text(struct expansion *out, const struct part *part, bool assigned,
                           enum mark mark)
{
    const char *text = part->text;
    bool at_start = true, is_whole = !part->next;

    while (*text) {
        bool is_tilde = at_start && *text == '~' && (is_whole || text[strcspn(text, "/:")]);
        const char *rest = is_tilde ? put_tilde(out, text) : text;
        at_start = false;
        if (rest == text) {
            at_start = assigned && *text == ':';
            put(out, *text++, mark);
        }
        text = rest > text ? rest : text;
    }
}

static struct expansion expand(struct shell *shell, struct arena *arena, const struct word *word,
                               bool assigned)
{
    struct expansion out = {shell, arena, buf_new(arena), buf_new(arena)};
    const struct part *part = word->parts;

    if (part && part->kind == PART_TEXT && !part->quoted) {
        put_first_text(&out, part, assigned, MARK_LITERAL);
        part = part->next;
    }
    put_parts(&out, part, MARK_LITERAL);
    return out;
}

/* The characters [start, end) as a pattern, or as they are. */
static char *slice(const struct expansion *from, size_t start, size_t end, bool pattern)
{
    struct buf text = buf_new(from->arena);

    for (size_t i = start; i < end; i++) {
        char c = from->chars.data[i], mark = from->marks.data[i];
        if (mark == MARK_EMPTY)
            continue;
        if (mark == MARK_BREAK)
            c = ' ';
        if (pattern && mark == MARK_QUOTED && c != '/') /* which is never special */
            buf_char(&text, '\\');
        buf_char(&text, c);
    }
    return text.data;
}

/* Add one field, or the files that it stands for. */
static void add_field(struct strings *fields, const struct expansion *from, size_t start,
                      size_t end)
{
    if (!from->shell->noglob) {
        char *pattern = slice(from, start, end, true);
        if (pattern_is_magic(pattern) && glob_paths(fields, pattern))
            return;
    }
    strings_add(fields, slice(from, start, end, false));
}

/* Where splitting stands. */
struct splitting {
    struct strings *fields;
    const struct expansion *from;
    size_t start;
    bool open;           /* a field has begun at `start` */
    bool ended_by_blank; /* a separator that is no blank belongs to the field before */
};

static void end_field(struct splitting *split, size_t end)
{
    if (split->open)
        add_field(split->fields, split->from, split->start, end);
    split->open = false;
}

static void separator(struct splitting *split, size_t i, char c)
{
    bool is_blank = c == ' ' || c == '\t' || c == '\n', was_open = split->open;

    if (!was_open && !is_blank && !split->ended_by_blank) {
        split->open = true;
        split->start = i;
    }
    end_field(split, i);
    split->ended_by_blank = is_blank && (was_open || split->ended_by_blank);
}

static void split_fields(struct strings *fields, const struct expansion *from)
{
    struct splitting split = {.fields = fields, .from = from};
    const char *separators = ifs(from->shell);

    for (size_t i = 0; i < from->chars.len; i++) {
        char c = from->chars.data[i], mark = from->marks.data[i];
        if (mark == MARK_BREAK) {
            end_field(&split, i);
            split.ended_by_blank = false;
        } else if (mark == MARK_SPLIT && strchr(separators, c)) {
            separator(&split, i, c);
        } else if (!split.open) {
            split.open = true;
            split.start = i;
        }
    }
    end_field(&split, from->chars.len);
}

void expand_fields(struct shell *shell, struct strings *fields, const struct word *word)
{
    struct expansion out = expand(shell, fields->arena, word, false);

    if (!shell->failed)
        split_fields(fields, &out);
}

char *expand_string(struct shell *shell, struct arena *arena, const struct word *word)
{
    struct expansion out = expand(shell, arena, word, false);

    return slice(&out, 0, out.chars.len, false);
}

char *expand_assigned(struct shell *shell, struct arena *arena, const struct word *word)
{
    struct expansion out = expand(shell, arena, word, true);

    return slice(&out, 0, out.chars.len, false);
}

char *expand_pattern(struct shell *shell, struct arena *arena, const struct word *word)
{
    struct expansion out = expand(shell, arena, word, false);

    return slice(&out, 0, out.chars.len, true);
}
