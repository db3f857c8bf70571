/* Regular expressions over text that may hold any byte. */
#include "apps/common/match.h"

#include <stdlib.h>

#include "apps/common/app.h"

void match_compile(regex_t *regex, const char *pattern, int flags)
{
    /* Some libraries refuse an empty pattern; an empty group is the same. */
    const char *empty = flags & REG_EXTENDED ? "()" : "\\(\\)";
    int error = regcomp(regex, *pattern ? pattern : empty, flags);
    char why[128];

    if (!error)
        return;
    regerror(error, regex, why, sizeof why);
    app_say("%s: %s", pattern, why);
    app_quit();
}

bool match_find(const regex_t *regex, const char *text, size_t len, size_t from, size_t count,
                regmatch_t *found)
{
    found[0] = (regmatch_t){.rm_so = (regoff_t)from, .rm_eo = (regoff_t)len};
    return !regexec(regex, text, count, found, REG_STARTEND | (from ? REG_NOTBOL : 0));
}
