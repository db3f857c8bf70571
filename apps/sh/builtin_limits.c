/* umask and ulimit. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "apps/sh/shell.h"

static int print(struct shell *shell, struct buf *out)
{
    int status = builtin_print(shell, out);

    arena_drop(out->arena);
    return status;
}

/* --- umask ----------------------------------------------------------------------------------- */

static void put_symbolic(struct buf *out, mode_t mask)
{
    static const char who[] = "ugo";

    for (int i = 0; i < 3; i++) {
        mode_t allowed = ~(mask >> (6 - 3 * i)) & 7;

        buf_printf(out, "%s%c=%s%s%s", i ? "," : "", who[i], allowed & 4 ? "r" : "",
                   allowed & 2 ? "w" : "", allowed & 1 ? "x" : "");
    }
    buf_char(out, '\n');
}

/* The letters [ugoa]* as a mask of the bits that they mean. */
static mode_t read_who(const char **text)
{
    mode_t who = 0;

    for (;; ++*text)
        if (**text == 'u')
            who |= 0700;
        else if (**text == 'g')
            who |= 0070;
        else if (**text == 'o')
            who |= 0007;
        else if (**text == 'a')
            who |= 0777;
        else
            return who ? who : 0777;
}

/* Permissions, or whose permissions to copy, as a mask for everybody. */
static mode_t read_permissions(const char **text, mode_t allowed)
{
    mode_t bits = 0;

    for (;; ++*text)
        switch (**text) {
        case 'r':
            bits |= 0444;
            break;
        case 'w':
            bits |= 0222;
            break;
        case 'x':
        case 'X':
            bits |= 0111;
            break;
        case 'u':
            bits |= (allowed >> 6 & 7) * 0111;
            break;
        case 'g':
            bits |= (allowed >> 3 & 7) * 0111;
            break;
        case 'o':
            bits |= (allowed & 7) * 0111;
            break;
        case 's':
        case 't':
            break;
        default:
            return bits;
        }
}

/* WHO then any number of =, + or - with permissions. => false: it is no such thing. */
static bool apply_clause(const char **text, mode_t *allowed)
{
    mode_t who = read_who(text);

    if (!**text || !strchr("=+-", **text))
        return false;
    while (**text && strchr("=+-", **text)) {
        char op = *(*text)++;
        mode_t bits = read_permissions(text, *allowed) & who;

        *allowed = op == '+' ? *allowed | bits : op == '-' ? *allowed & ~bits
                                               : (*allowed & ~who) | bits;
    }
    return true;
}

static bool read_mask(const char *text, mode_t mask, mode_t *out)
{
    mode_t allowed = ~mask & 0777;
    char *end;

    if (*text >= '0' && *text <= '9') {
        *out = (mode_t)strtoul(text, &end, 8);
        return !*end && *out <= 0777;
    }
    do
        if (!apply_clause(&text, &allowed))
            return false;
    while (*text++ == ',');
    *out = ~allowed & 0777;
    return !text[-1];
}

int builtin_umask(struct shell *shell, int argc, char **argv)
{
    bool symbolic = argc > 1 && !strcmp(argv[1], "-S");
    int first = symbolic || (argc > 1 && !strcmp(argv[1], "--")) ? 2 : 1;
    mode_t mask = umask(0), next;
    struct buf out;

    umask(mask);
    if (first < argc) {
        if (!read_mask(argv[first], mask, &next)) {
            shell_complain(shell, "umask: %s: not a mode", argv[first]);
            return 1;
        }
        umask(next);
        return 0;
    }
    out = buf_new(arena_new());
    if (symbolic)
        put_symbolic(&out, mask);
    else
        buf_printf(&out, "%04o\n", (unsigned)mask);
    return print(shell, &out);
}

/* --- ulimit ---------------------------------------------------------------------------------- */

static const struct limit {
    char letter;
    int resource;
    unsigned unit; /* bytes, or 1 */
    const char *name;
} limits[] = {
    {'t', RLIMIT_CPU, 1, "time (seconds)"},
    {'f', RLIMIT_FSIZE, 512, "file (blocks)"},
    {'d', RLIMIT_DATA, 1024, "data (kbytes)"},
    {'s', RLIMIT_STACK, 1024, "stack (kbytes)"},
    {'c', RLIMIT_CORE, 512, "coredump (blocks)"},
#ifdef RLIMIT_AS
    {'v', RLIMIT_AS, 1024, "memory (kbytes)"},
#endif
    {'n', RLIMIT_NOFILE, 1, "nofiles"},
#ifdef RLIMIT_NPROC
    {'u', RLIMIT_NPROC, 1, "process"},
#endif
};
#define LIMITS (sizeof limits / sizeof *limits)

static void put_limit(struct buf *out, const struct limit *limit, bool hard)
{
    struct rlimit value;
    rlim_t shown;

    if (getrlimit(limit->resource, &value) < 0)
        return;
    shown = hard ? value.rlim_max : value.rlim_cur;
    if (shown == RLIM_INFINITY)
        buf_str(out, "unlimited\n");
    else
        buf_printf(out, "%llu\n", (unsigned long long)shown / limit->unit);
}

static bool set_limit(const struct limit *limit, const char *text, bool hard, bool soft)
{
    struct rlimit value;
    rlim_t wanted = RLIM_INFINITY;
    char *end;

    if (getrlimit(limit->resource, &value) < 0)
        return false;
    if (strcmp(text, "unlimited")) {
        wanted = (rlim_t)strtoull(text, &end, 10) * limit->unit;
        if (!*text || *end) {
            errno = EINVAL;
            return false;
        }
    }
    if (hard)
        value.rlim_max = wanted;
    if (soft)
        value.rlim_cur = wanted;
    return setrlimit(limit->resource, &value) == 0;
}

static const struct limit *find_limit(char letter)
{
    for (size_t i = 0; i < LIMITS; i++)
        if (limits[i].letter == letter)
            return &limits[i];
    return NULL;
}

static int list_limits(struct shell *shell, bool hard)
{
    struct buf out = buf_new(arena_new());

    for (size_t i = 0; i < LIMITS; i++) {
        buf_printf(&out, "%-20s ", limits[i].name);
        put_limit(&out, &limits[i], hard);
    }
    return print(shell, &out);
}

/* ulimit [-HS] [-a | -LETTER] [VALUE | unlimited] */
int builtin_ulimit(struct shell *shell, int argc, char **argv)
{
    const struct limit *limit = find_limit('f');
    bool hard = false, soft = false, all = false;
    struct buf out;
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
        for (const char *letter = argv[i] + 1; *letter && strcmp(argv[i], "--"); letter++) {
            hard |= *letter == 'H';
            soft |= *letter == 'S';
            all |= *letter == 'a';
            if (!strchr("HSa", *letter) && !(limit = find_limit(*letter))) {
                shell_complain(shell, "ulimit: unknown option: -%c", *letter);
                return STATUS_MISUSE;
            }
        }
    if (all)
        return list_limits(shell, hard);
    if (i < argc) {
        if (set_limit(limit, argv[i], hard || !soft, soft || !hard))
            return 0;
        shell_complain(shell, "ulimit: %s: %s", argv[i], strerror(errno));
        return 1;
    }
    out = buf_new(arena_new());
    put_limit(&out, limit, hard);
    return print(shell, &out);
}
