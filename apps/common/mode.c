/* Permissions as text. */
#include "apps/common/mode.h"

#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"

static char type_letter(mode_t mode)
{
    if (S_ISDIR(mode))
        return 'd';
    if (S_ISLNK(mode))
        return 'l';
    if (S_ISCHR(mode))
        return 'c';
    if (S_ISBLK(mode))
        return 'b';
    if (S_ISFIFO(mode))
        return 'p';
    return S_ISSOCK(mode) ? 's' : '-';
}

void mode_text(mode_t mode, char text[11])
{
    text[0] = type_letter(mode);
    for (int i = 0; i < 9; i++)
        text[i + 1] = mode & (0400 >> i) ? "rwx"[i % 3] : '-';
    if (mode & S_ISUID)
        text[3] = mode & 0100 ? 's' : 'S';
    if (mode & S_ISGID)
        text[6] = mode & 0010 ? 's' : 'S';
    if (mode & S_ISVTX)
        text[9] = mode & 0001 ? 't' : 'T';
    text[10] = 0;
}

/* The bits of those named by ugoa, with the one above rwx that goes with each. */
static mode_t read_who(const char **text)
{
    mode_t who = 0;

    for (; **text && strchr("ugoa", **text); ++*text)
        who |= **text == 'u'   ? S_ISUID | 0700
               : **text == 'g' ? S_ISGID | 0070
               : **text == 'o' ? S_ISVTX | 0007
                               : 07777;
    return who;
}

/* The permissions of one class, for all three. */
static mode_t copied(char from, mode_t mode)
{
    mode_t bits = from == 'u' ? mode >> 6 : from == 'g' ? mode >> 3 : mode;

    return (bits & 7) * 0111;
}

static mode_t read_permissions(const char **text, mode_t mode)
{
    bool executable = (mode & 0111) || S_ISDIR(mode);
    mode_t bits = 0;

    if (**text && strchr("ugo", **text))
        return copied(*(*text)++, mode);
    for (; **text && strchr("rwxXst", **text); ++*text)
        bits |= **text == 'r'                 ? 0444
                : **text == 'w'               ? 0222
                : **text == 's'               ? S_ISUID | S_ISGID
                : **text == 't'               ? S_ISVTX
                : **text == 'x' || executable ? 0111
                                              : 0;
    return bits;
}

/* WHO, then one or more of OPERATOR PERMISSIONS. */
static bool change_clause(const char **text, mode_t *mode, mode_t mask)
{
    mode_t who = read_who(text), reach = who ? who : 07777 & ~mask;

    if (!**text || !strchr("+-=", **text))
        return false;
    while (**text && strchr("+-=", **text)) {
        char sign = *(*text)++;
        mode_t bits = read_permissions(text, *mode) & reach;
        if (sign == '=')
            *mode &= ~(who ? who : 07777) | (S_ISDIR(*mode) ? 06000 & ~who : 0);
        *mode = sign == '-' ? *mode & ~bits : *mode | bits;
    }
    return true;
}

bool mode_change(const char *text, mode_t *mode, mode_t mask)
{
    mode_t changed = *mode;

    if (*text >= '0' && *text <= '7') {
        char *end;
        unsigned long bits = strtoul(text, &end, 8);
        if (*end || bits > 07777)
            return false;
        *mode = (*mode & S_IFMT) | (mode_t)bits;
        return true;
    }
    do {
        if (!change_clause(&text, &changed, mask))
            return false;
    } while (*text == ',' && text++);
    if (*text)
        return false;
    *mode = changed;
    return true;
}

bool mode_for_new(const char *text, mode_t *mode)
{
    mode_t mask = umask(0);

    umask(mask);
    if (mode_change(text, mode, mask))
        return true;
    app_say("%s: not a mode", text);
    return false;
}
