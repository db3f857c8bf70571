/* The parser: what trees it makes, and that no text makes it fail but with a message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "apps/sh/parser.h"

static struct arena *arena;

static int make_arena(void **state)
{
    arena = arena_new();
    return 0;
}

static int drop_arena(void **state)
{
    arena_drop(arena);
    return 0;
}

/* The tree of a text that is one complete command. */
static struct node *tree_of(const char *text)
{
    struct source source = source_of_text(text, strlen(text));
    const char *message;
    struct node *tree = NULL;

    assert_int_equal(parse_command(&source, arena, &tree, &message), PARSE_OK);
    assert_int_equal(parse_command(&source, arena, &tree, &message), PARSE_END);
    source = source_of_text(text, strlen(text));
    parse_command(&source, arena, &tree, &message);
    return tree;
}

static const char *message_of(const char *text)
{
    struct source source = source_of_text(text, strlen(text));
    const char *message = NULL;
    struct node *tree;

    assert_int_equal(parse_command(&source, arena, &tree, &message), PARSE_ERROR);
    assert_non_null(message);
    return message;
}

static void simple_command_has_assignments_words_and_redirections(void **state)
{
    struct node *node = tree_of("A=1 B= cmd x=2 <in 2>>log\n")->left;

    assert_int_equal(node->kind, NODE_SIMPLE);
    assert_string_equal(node->assigns->name, "A");
    assert_string_equal(node->assigns->value->parts->text, "1");
    assert_string_equal(node->assigns->next->name, "B");
    assert_null(node->assigns->next->value->parts);
    assert_string_equal(node->words->next->parts->text, "x=2");
    assert_int_equal(node->redirs->kind, REDIR_IN);
    assert_int_equal(node->redirs->fd, 0);
    assert_int_equal(node->redirs->next->kind, REDIR_APPEND);
    assert_int_equal(node->redirs->next->fd, 2);
}

static void and_or_lean_to_the_left(void **state)
{
    struct node *node = tree_of("a && b || c")->left;

    assert_int_equal(node->kind, NODE_OR);
    assert_int_equal(node->left->kind, NODE_AND);
    assert_string_equal(node->source, "a && b || c");
}

static void pipeline_is_one_element(void **state)
{
    struct node *list = tree_of("! a | b | c & d");

    assert_int_equal(list->left->kind, NODE_BACKGROUND);
    assert_int_equal(list->left->left->kind, NODE_NOT);
    assert_int_equal(list->left->left->left->kind, NODE_PIPE);
    assert_non_null(list->left->left->left->left->next->next);
    assert_int_equal(list->left->next->kind, NODE_SIMPLE);
}

static void words_keep_their_quotes(void **state)
{
    struct part *part = tree_of("a\"b$c\"'d'")->left->words->parts;

    assert_false(part->quoted);
    assert_string_equal(part->text, "a");
    part = part->next;
    assert_true(part->quoted);
    assert_string_equal(part->text, "b");
    assert_int_equal(part->next->kind, PART_PARAM);
    assert_true(part->next->quoted);
    assert_string_equal(part->next->next->text, "d");
}

static void documents_follow_their_line(void **state)
{
    struct node *node = tree_of("cat <<A <<'B'; echo\nfirst $x\nA\nsecond $x\nB\n")->left;
    struct redir *redir = node->redirs;

    assert_string_equal(redir->target->parts->text, "first ");
    assert_int_equal(redir->target->parts->next->kind, PART_PARAM);
    assert_string_equal(redir->next->target->parts->text, "second $x\n");
    assert_non_null(node->next);
}

static void one_line_is_read_at_a_time(void **state)
{
    const char *text = "one\ntwo\n", *message;
    struct source source = source_of_text(text, strlen(text));
    struct node *tree;

    assert_int_equal(parse_command(&source, arena, &tree, &message), PARSE_OK);
    assert_int_equal(source.pos, 4);
}

static void errors_have_messages(void **state)
{
    assert_string_equal(message_of("if true; fi"), "syntax error: unexpected \"fi\"");
    assert_string_equal(message_of("a |"), "syntax error: unexpected end of file");
    assert_string_equal(message_of("a > \n"), "syntax error: unexpected newline");
    assert_string_equal(message_of("echo 'x"), "syntax error: unterminated quoted string");
    assert_string_equal(message_of("echo `a"), "syntax error: missing closing `");
    assert_string_equal(message_of("echo ${a!b}"), "syntax error: bad substitution");
    assert_string_equal(message_of("echo `if`"), "syntax error: unexpected end of file");
}

/* Pieces of scripts in random order: every text is either a command or an error with a message. */
static void no_text_confuses_the_parser(void **state)
{
    static const char *const pieces[] = {
        "if ",  "then ", "fi ", "else ", "for x in ", "do ", "done ", "case x in ",
        "esac", ";;",    ";",   "\n",    "&&",        "||",  "|",     "&",
        "(",    ")",     "{ ",  "} ",    "a",         " ",   "'",     "\"",
        "`",    "$",     "${",  "}",     "$(",        "$((", "))",    "<<E\n",
        "E\n",  "<",     ">",   "2>&1",  "\\",        "#",   "x=",    "while ",
        "!",    "f()",   ":-",  "%%",    "$x",        "$@",  "\377",  "\t",
    };
    unsigned seed = getenv("SEED") ? (unsigned)atoi(getenv("SEED")) : (unsigned)time(NULL);

    srand(seed);
    print_message("SEED=%u\n", seed);
    for (int i = 0; i < 60000; i++) {
        char text[256] = "";
        struct arena *own = arena_new();
        const char *message = NULL;
        struct source source;
        struct node *tree;
        enum parse_result result;

        for (int n = rand() % 20; n > 0; n--)
            strcat(text, pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)]);
        source = source_of_text(text, strlen(text));
        while ((result = parse_command(&source, own, &tree, &message)) == PARSE_OK)
            ;
        if (result == PARSE_ERROR && !message)
            fail_msg("SEED=%u: no message for: %s", seed, text);
        arena_drop(own);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_arena, drop_arena)
    const struct CMUnitTest tests[] = {
        TEST(simple_command_has_assignments_words_and_redirections),
        TEST(and_or_lean_to_the_left),
        TEST(pipeline_is_one_element),
        TEST(words_keep_their_quotes),
        TEST(documents_follow_their_line),
        TEST(one_line_is_read_at_a_time),
        TEST(errors_have_messages),
        TEST(no_text_confuses_the_parser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
