/* Text to broken-down time, by a format (POSIX, strptime), in the C locale.
 *
 * Fields are kept aside while the text is read, since they may come in any order (the year's century
 * after the year, AM before the hour), and become the time at the end. Numbers of weeks are read and
 * not used. The day of the week and of the year follow from a whole date. */
#include <ctype.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>
#include <string.h>
#include <time.h>

enum field { FIELD_MONTH = 1, FIELD_DAY = 2, FIELD_YEAR = 4, FIELD_YDAY = 8 };

struct reader {
    const char *at;
    struct tm *tm;
    int century, year2; /* -1: not given */
    int pm;             /* 0: AM, 1: PM, -1: not given */
    int hour12;         /* -1: not given */
    unsigned fields;    /* of a date: enum field */
    long zone;          /* seconds east; read, and not kept: struct tm has no place for it */
};

static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const halves[] = {"AM", "PM"};

static const char *const composite[128] = {
    ['c'] = "%a %b %e %H:%M:%S %Y", ['D'] = "%m/%d/%y", ['F'] = "%Y-%m-%d", ['R'] = "%H:%M",
    ['r'] = "%I:%M:%S %p",          ['T'] = "%H:%M:%S", ['X'] = "%H:%M:%S", ['x'] = "%m/%d/%y",
};

static bool read_format(struct reader *r, const char *format);

static void skip_space(struct reader *r)
{
    while (isspace((unsigned char)*r->at))
        r->at++;
}

/* A number of at most `digits` digits in [low, high], white space before it; a digit that would make it
 * too great is no more part of it. => *value */
static bool number(struct reader *r, int digits, int low, int high, int *value)
{
    int n = 0;

    skip_space(r);
    if (!isdigit((unsigned char)*r->at))
        return false;
    for (; digits > 0 && isdigit((unsigned char)*r->at) && n * 10 <= high; digits--)
        n = n * 10 + (*r->at++ - '0');
    *value = n;
    return n >= low && n <= high;
}

/* One of `n` names, whole or (if `abbreviated`) its first three letters. => *value: which */
static bool name(struct reader *r, const char *const *names, int n, bool abbreviated, int *value)
{
    for (int i = 0; i < n; i++) {
        size_t len = strlen(names[i]);

        if (strncasecmp(r->at, names[i], len) != 0) {
            if (!abbreviated || strncasecmp(r->at, names[i], 3) != 0)
                continue;
            len = 3;
        }
        r->at += len;
        *value = i;
        return true;
    }
    return false;
}

static bool seconds_since_the_epoch(struct reader *r)
{
    char *end;
    time_t seconds = strtol(r->at, &end, 10);
    bool good = end != r->at && localtime_r(&seconds, r->tm);

    r->at = end;
    return good;
}

/* Z, or a sign and hh, hhmm or hh:mm. */
static bool zone(struct reader *r)
{
    int sign, hours, minutes = 0;

    skip_space(r);
    if (*r->at == 'Z')
        return r->zone = 0, r->at++, true;
    if ((*r->at != '+' && *r->at != '-') || !isdigit((unsigned char)r->at[1]))
        return false;
    sign = *r->at++ == '-' ? -1 : 1;
    if (!number(r, 2, 0, 14, &hours))
        return false;
    if (*r->at == ':')
        r->at++;
    if (isdigit((unsigned char)*r->at) && !number(r, 2, 0, 59, &minutes))
        return false;
    r->zone = sign * (hours * 3600L + minutes * 60L);
    return true;
}

static bool word(struct reader *r)
{
    while (*r->at && !isspace((unsigned char)*r->at))
        r->at++;
    return true;
}

static bool is_given(struct reader *r, bool good, unsigned field)
{
    r->fields |= good ? field : 0;
    return good;
}

static bool read_date(struct reader *r, char c)
{
    struct tm *tm = r->tm;
    int n = 0;

    switch (c) {
    case 'a':
    case 'A':
        return name(r, days, 7, true, &tm->tm_wday);
    case 'b':
    case 'B':
    case 'h':
        return is_given(r, name(r, months, 12, true, &tm->tm_mon), FIELD_MONTH);
    case 'm':
        return number(r, 2, 1, 12, &n) && is_given(r, (tm->tm_mon = n - 1, true), FIELD_MONTH);
    case 'd':
    case 'e':
        return is_given(r, number(r, 2, 1, 31, &tm->tm_mday), FIELD_DAY);
    case 'j':
        return number(r, 3, 1, 366, &n) && is_given(r, (tm->tm_yday = n - 1, true), FIELD_YDAY);
    case 'Y':
        r->century = r->year2 = -1;
        return number(r, 4, 0, 9999, &n) && is_given(r, (tm->tm_year = n - 1900, true), FIELD_YEAR);
    case 'y':
        return is_given(r, number(r, 2, 0, 99, &r->year2), FIELD_YEAR);
    case 'C':
        return is_given(r, number(r, 2, 0, 99, &r->century), FIELD_YEAR);
    case 'u':
        return number(r, 1, 1, 7, &n) && (tm->tm_wday = n % 7, true);
    case 'w':
        return number(r, 1, 0, 6, &tm->tm_wday);
    case 'U':
    case 'W':
        return number(r, 2, 0, 53, &n);
    case 'V':
        return number(r, 2, 1, 53, &n);
    case 'G':
        return number(r, 4, 0, 9999, &n);
    default: /* g */
        return number(r, 2, 0, 99, &n);
    }
}

static bool read_time(struct reader *r, char c)
{
    switch (c) {
    case 'H':
    case 'k':
        r->hour12 = -1;
        return number(r, 2, 0, 23, &r->tm->tm_hour);
    case 'I':
    case 'l':
        return number(r, 2, 1, 12, &r->hour12);
    case 'M':
        return number(r, 2, 0, 59, &r->tm->tm_min);
    case 'S':
        return number(r, 2, 0, 60, &r->tm->tm_sec);
    case 'p':
    case 'P':
        return name(r, halves, 2, false, &r->pm);
    case 's':
        return seconds_since_the_epoch(r);
    case 'z':
        return zone(r);
    default: /* Z */
        return word(r);
    }
}

static bool read_conversion(struct reader *r, char c)
{
    if (c == '\0')
        return false;
    if (c == '%')
        return *r->at == '%' && r->at++;
    if (c == 'n' || c == 't')
        return skip_space(r), true;
    if (c > 0 && composite[(unsigned char)c])
        return read_format(r, composite[(unsigned char)c]);
    if (strchr("aAbBhmdejYyCuwUWVGg", c))
        return read_date(r, c);
    return strchr("HkIlMSpPszZ", c) && read_time(r, c);
}

static bool read_format(struct reader *r, const char *format)
{
    for (; *format; format++) {
        if (isspace((unsigned char)*format)) {
            skip_space(r);
            continue;
        }
        if (*format != '%') {
            if (*r->at++ != *format)
                return false;
            continue;
        }
        format++;
        format += *format == 'E' || *format == 'O';
        if (!read_conversion(r, *format))
            return false;
    }
    return true;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of the year before month `month` (0 to 12). */
static int days_before(int year, int month)
{
    static const short before[13] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

    return before[month] + (month > 1 && is_leap(year));
}

static void complete_date(struct tm *tm, unsigned fields)
{
    int year = tm->tm_year + 1900, before = year - 1;

    if ((fields & (FIELD_YEAR | FIELD_MONTH | FIELD_DAY)) == (FIELD_YEAR | FIELD_MONTH | FIELD_DAY)) {
        tm->tm_yday = days_before(year, tm->tm_mon) + tm->tm_mday - 1;
    } else if ((fields & (FIELD_YEAR | FIELD_YDAY)) == (FIELD_YEAR | FIELD_YDAY)) {
        for (tm->tm_mon = 0; days_before(year, tm->tm_mon + 1) <= tm->tm_yday && tm->tm_mon < 11;)
            tm->tm_mon++;
        tm->tm_mday = tm->tm_yday - days_before(year, tm->tm_mon) + 1;
    } else {
        return;
    }
    tm->tm_wday = (int)((before * 365L + before / 4 - before / 100 + before / 400 + tm->tm_yday + 1) % 7);
}

/* What was kept aside goes where it belongs. */
static void complete(struct reader *r)
{
    struct tm *tm = r->tm;

    if (r->hour12 >= 0)
        tm->tm_hour = r->hour12 % 12 + (r->pm == 1 ? 12 : 0);
    if (r->century >= 0)
        tm->tm_year = r->century * 100 - 1900 + (r->year2 >= 0 ? r->year2 : 0);
    else if (r->year2 >= 0)
        tm->tm_year = r->year2 < 69 ? r->year2 + 100 : r->year2;
    complete_date(tm, r->fields);
}

char *strptime(const char *restrict text, const char *restrict format, struct tm *restrict tm)
{
    struct reader r = {.at = text, .tm = tm, .century = -1, .year2 = -1, .pm = -1, .hour12 = -1};

    if (!read_format(&r, format))
        return NULL;
    complete(&r);
    return (char *)r.at;
}

char *strptime_l(const char *restrict text, const char *restrict format, struct tm *restrict tm,
                 locale_t locale)
{
    return strptime(text, format, tm);
}
