/* See encoding.h. */
#include "encoding.h"
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

#define CATEGORIES (LC_MESSAGES + 1)

/* A bit for each category that is "C.UTF-8". The name of one that picolibc's functions know too. */
struct __locale_t {
    unsigned utf8;
} __global_locale;

static locale_t in_use = LC_GLOBAL_LOCALE; /* by uselocale(); there is one thread */

static const char plain[] = "C", unicode[] = "C.UTF-8";

bool locale_is_utf8(void)
{
    locale_t l = in_use == LC_GLOBAL_LOCALE ? &__global_locale : in_use;

    return l->utf8 & LC_CTYPE_MASK;
}

size_t __locale_mb_cur_max(void)
{
    return locale_is_utf8() ? MB_LEN_MAX : 1;
}

/* => 1: C.UTF-8; 0: C; -1: unknown here */
static int kind_of(const char *name)
{
    if (strcmp(name, plain) == 0 || strcmp(name, "POSIX") == 0)
        return 0;
    return strcmp(name, unicode) == 0 || strcmp(name, "C.utf8") == 0 ? 1 : -1;
}

/* What the environment says of a category. */
static const char *from_environment(int category)
{
    static const char *const names[CATEGORIES] = {"LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MONETARY",
                                                  "LC_NUMERIC", "LC_TIME", "LC_MESSAGES"};
    const char *order[] = {names[LC_ALL], names[category], "LANG"};

    for (size_t i = 0; i < 3; i++) {
        const char *value = getenv(order[i]);

        if (value && *value)
            return value;
    }
    return plain;
}

/* `name` is one name, or one for each category with '/' between. => false: not known here */
static bool kind_in(const char *name, int category, int *kind)
{
    char one[16];
    size_t n;

    for (int i = LC_ALL + 1; strchr(name, '/') && i < category; i++)
        name = strchr(name, '/') + 1;
    n = strcspn(name, "/");
    if (n >= sizeof one)
        return false;
    memcpy(one, name, n);
    one[n] = '\0';
    *kind = kind_of(*one ? one : from_environment(category));
    return *kind >= 0;
}

/* The bits of the categories in `mask`, by name. => false: one is unknown */
static bool bits_of(unsigned mask, const char *name, unsigned *bits)
{
    int kind;

    for (int i = LC_ALL + 1; i < CATEGORIES; i++) {
        if (!(mask & 1u << i))
            continue;
        if (!kind_in(name, i, &kind))
            return false;
        *bits = (*bits & ~(1u << i)) | (unsigned)kind << i;
    }
    return true;
}

static char *name_of_all(void)
{
    static char names[CATEGORIES * sizeof unicode];
    unsigned all = (1u << CATEGORIES) - 2;

    if ((__global_locale.utf8 & all) == 0 || (__global_locale.utf8 & all) == all)
        return (char *)(__global_locale.utf8 & all ? unicode : plain);
    names[0] = '\0';
    for (int i = LC_ALL + 1; i < CATEGORIES; i++) {
        strcat(names, i > 1 ? "/" : "");
        strcat(names, __global_locale.utf8 & 1u << i ? unicode : plain);
    }
    return names;
}

char *setlocale(int category, const char *name)
{
    unsigned bits = __global_locale.utf8;

    if (category < LC_ALL || category >= CATEGORIES)
        return NULL;
    if (name && !bits_of(category == LC_ALL ? ~0u : 1u << category, name, &bits))
        return NULL;
    __global_locale.utf8 = bits;
    if (category == LC_ALL)
        return name_of_all();
    return (char *)(bits & 1u << category ? unicode : plain);
}

locale_t newlocale(int mask, const char *name, locale_t base)
{
    unsigned bits = base ? base->utf8 : 0;
    locale_t l;

    if (name == NULL || mask >= 1 << CATEGORIES)
        return fail(EINVAL), NULL;
    if (!bits_of(mask & LC_ALL_MASK ? ~0u : (unsigned)mask, name, &bits))
        return fail(ENOENT), NULL;
    l = base ? base : malloc(sizeof *l);
    if (l)
        l->utf8 = bits;
    return l;
}

locale_t duplocale(locale_t l)
{
    locale_t copy = malloc(sizeof *copy);

    if (copy)
        *copy = l == LC_GLOBAL_LOCALE ? __global_locale : *l;
    return copy;
}

void freelocale(locale_t l)
{
    free(l);
}

locale_t uselocale(locale_t l)
{
    locale_t before = in_use;

    if (l)
        in_use = l;
    return before;
}

struct lconv *localeconv(void)
{
    static char none[] = "", point[] = ".";
    static struct lconv c = {
        .decimal_point = point, .thousands_sep = none, .grouping = none, .int_curr_symbol = none,
        .currency_symbol = none, .mon_decimal_point = none, .mon_thousands_sep = none,
        .mon_grouping = none, .positive_sign = none, .negative_sign = none,
        .int_frac_digits = CHAR_MAX, .frac_digits = CHAR_MAX, .p_cs_precedes = CHAR_MAX,
        .p_sep_by_space = CHAR_MAX, .n_cs_precedes = CHAR_MAX, .n_sep_by_space = CHAR_MAX,
        .p_sign_posn = CHAR_MAX, .n_sign_posn = CHAR_MAX, .int_n_cs_precedes = CHAR_MAX,
        .int_n_sep_by_space = CHAR_MAX, .int_n_sign_posn = CHAR_MAX, .int_p_cs_precedes = CHAR_MAX,
        .int_p_sep_by_space = CHAR_MAX, .int_p_sign_posn = CHAR_MAX,
    };

    return &c;
}

/* --- what a locale says ---------------------------------------------------------------------- */

static const char *const info[] = {
    [D_T_FMT] = "%a %b %e %H:%M:%S %Y", [D_FMT] = "%m/%d/%y", [T_FMT] = "%H:%M:%S",
    [T_FMT_AMPM] = "%I:%M:%S %p", [AM_STR] = "AM", [PM_STR] = "PM",
    [DAY_1] = "Sunday", [DAY_2] = "Monday", [DAY_3] = "Tuesday", [DAY_4] = "Wednesday",
    [DAY_5] = "Thursday", [DAY_6] = "Friday", [DAY_7] = "Saturday",
    [ABDAY_1] = "Sun", [ABDAY_2] = "Mon", [ABDAY_3] = "Tue", [ABDAY_4] = "Wed", [ABDAY_5] = "Thu",
    [ABDAY_6] = "Fri", [ABDAY_7] = "Sat",
    [MON_1] = "January", [MON_2] = "February", [MON_3] = "March", [MON_4] = "April", [MON_5] = "May",
    [MON_6] = "June", [MON_7] = "July", [MON_8] = "August", [MON_9] = "September",
    [MON_10] = "October", [MON_11] = "November", [MON_12] = "December",
    [ABMON_1] = "Jan", [ABMON_2] = "Feb", [ABMON_3] = "Mar", [ABMON_4] = "Apr", [ABMON_5] = "May",
    [ABMON_6] = "Jun", [ABMON_7] = "Jul", [ABMON_8] = "Aug", [ABMON_9] = "Sep", [ABMON_10] = "Oct",
    [ABMON_11] = "Nov", [ABMON_12] = "Dec",
    [RADIXCHAR] = ".", [YESEXPR] = "^[yY]", [NOEXPR] = "^[nN]", [CRNCYSTR] = "-",
};

char *nl_langinfo_l(nl_item item, locale_t l)
{
    unsigned utf8 = (l == LC_GLOBAL_LOCALE ? &__global_locale : l)->utf8;

    if (item == CODESET)
        return (char *)(utf8 & LC_CTYPE_MASK ? "UTF-8" : "ANSI_X3.4-1968");
    if (item < 0 || (size_t)item >= sizeof info / sizeof *info || info[item] == NULL)
        return (char *)"";
    return (char *)info[item];
}

char *nl_langinfo(nl_item item)
{
    return nl_langinfo_l(item, in_use);
}
