/* chmod MODE FILE...: octal, or [ugoa...][+-=][rwxX...] with commas. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/common/app.h"

static mode_t who_mask(const char **text)
{
    mode_t mask = 0;

    for (; **text && strchr("ugoa", **text); ++*text)
        mask |= **text == 'u' ? 0700 : **text == 'g' ? 0070 : **text == 'o' ? 0007 : 0777;
    return mask ? mask : 0777;
}

static mode_t permissions(const char **text, mode_t mode)
{
    bool executable = (mode & 0111) || S_ISDIR(mode);
    mode_t bits = 0;

    for (; **text && strchr("rwxX", **text); ++*text)
        bits |= **text == 'r'                 ? 0444
                : **text == 'w'               ? 0222
                : **text == 'x' || executable ? 0111
                                              : 0;
    return bits;
}

/* => false if `text` is no mode. */
static bool apply(const char *text, mode_t *mode)
{
    if (isdigit((unsigned char)*text)) {
        char *end;
        *mode = (mode_t)strtoul(text, &end, 8);
        return !*end && *mode <= 07777;
    }
    for (;;) {
        mode_t mask = who_mask(&text), bits;
        char operator= * text;
        if (!operator|| !strchr("+-=", operator))
            return false;
        text++;
        bits = permissions(&text, *mode) & mask;
        if (operator== '=')
            *mode = (*mode & ~mask) | bits;
        else
            *mode = operator== '+' ? *mode | bits : * mode & ~bits;
        if (*text != ',')
            return !*text;
        text++;
    }
}

static bool change(const char *text, const char *path)
{
    struct stat st;
    mode_t mode;

    if (stat(path, &st)) {
        app_warn("%s", path);
        return false;
    }
    mode = st.st_mode;
    if (!apply(text, &mode)) {
        app_say("%s: not a mode", text);
        return false;
    }
    if (!chmod(path, mode & 07777))
        return true;
    app_warn("%s", path);
    return false;
}

int main(int argc, char **argv)
{
    int status = 0;

    app_start(argv);
    if (argc < 3)
        app_usage("MODE FILE...");
    for (int i = 2; i < argc; i++)
        status |= !change(argv[1], argv[i]);
    return status;
}
