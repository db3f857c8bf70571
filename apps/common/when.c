/* Points in time as people write them. */
#include "apps/common/when.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DAY_SECONDS 86400L

struct parse {
    struct tm tm; /* what was said, local unless has_zone */
    long nanoseconds, shift_seconds, zone_seconds;
    bool has_zone, has_day, has_time;
};

/* Seconds since 1970 of a time in UTC. */
static time_t seconds_of(const struct tm *tm)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    long months = tm->tm_year * 12L + tm->tm_mon, year = 1900 + months / 12, month = months % 12;
    long past = year - (month < 2), days;

    if (month < 0) {
        month += 12;
        year--;
        past = year - (month < 2);
    }
    days = (year - 1970) * 365 + (past / 4 - past / 100 + past / 400) - 477 + before[month] + tm->tm_mday - 1;
    return days * DAY_SECONDS + tm->tm_hour * 3600L + tm->tm_min * 60L + tm->tm_sec;
}

static bool in_range(int value, int least, int most)
{
    return value >= least && value <= most;
}

/* A day that the calendar has, and a time that a clock shows. */
static bool is_real(const struct tm *tm)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = tm->tm_year + 1900;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return in_range(tm->tm_mon, 0, 11) && in_range(tm->tm_mday, 1, lengths[tm->tm_mon]) &&
           (tm->tm_mon != 1 || tm->tm_mday < 29 || leap) && in_range(tm->tm_hour, 0, 23) &&
           in_range(tm->tm_min, 0, 59) && in_range(tm->tm_sec, 0, 60);
}

static bool set_day(struct parse *parse, int year, int month, int day)
{
    parse->has_day = true;
    parse->tm.tm_year = year - 1900;
    parse->tm.tm_mon = month - 1;
    parse->tm.tm_mday = day;
    return true;
}

static void set_time(struct parse *parse, int hour, int minute, int second)
{
    parse->has_time = true;
    parse->tm.tm_hour = hour;
    parse->tm.tm_min = minute;
    parse->tm.tm_sec = second;
    parse->nanoseconds = 0;
}

/* hh:mm[:ss[.fraction]] at *text. */
static bool take_time(const char **text, struct parse *parse)
{
    int hour, minute, second = 0, n = 0, m = 0;
    long unit = 100000000;

    if (sscanf(*text, "%2d:%2d%n", &hour, &minute, &n) != 2 || !n)
        return false;
    *text += n;
    if (sscanf(*text, ":%2d%n", &second, &m) == 1 && m)
        *text += m;
    set_time(parse, hour, minute, second);
    if (m && (**text == '.' || **text == ','))
        for (++*text; isdigit((unsigned char)**text); ++*text, unit /= 10)
            parse->nanoseconds += (**text - '0') * unit;
    return true;
}

static bool take_zone(const char **text, struct parse *parse)
{
    int hours, minutes = 0, n = 0;
    char sign = **text;

    if (!strncasecmp(*text, "utc", 3) || !strncasecmp(*text, "gmt", 3) || toupper((unsigned char)**text) == 'Z') {
        *text += toupper((unsigned char)**text) == 'Z' ? 1 : 3;
        parse->has_zone = true;
        return true;
    }
    if (sign != '+' && sign != '-')
        return false;
    if (sscanf(*text + 1, "%2d:%2d%n", &hours, &minutes, &n) != 2 &&
        sscanf(*text + 1, "%2d%2d%n", &hours, &minutes, &n) != 2 &&
        sscanf(*text + 1, "%2d%n", &hours, &n) != 1)
        return false;
    *text += 1 + n;
    parse->has_zone = true;
    parse->zone_seconds = (hours * 3600L + minutes * 60L) * (sign == '-' ? -1 : 1);
    return true;
}

static bool shift(struct parse *parse, long count, const char *unit)
{
    static const struct {
        const char *name;
        long seconds;
    } units[] = {{"sec", 1},         {"second", 1},         {"min", 60},
                 {"minute", 60},     {"hour", 3600},        {"day", DAY_SECONDS},
                 {"week", 7 * DAY_SECONDS}, {"fortnight", 14 * DAY_SECONDS}};
    size_t len = strlen(unit);

    if (len > 1 && tolower((unsigned char)unit[len - 1]) == 's')
        len--;
    if (len == 4 && !strncasecmp(unit, "year", len))
        return parse->tm.tm_year += (int)count, true;
    if (len == 5 && !strncasecmp(unit, "month", len))
        return parse->tm.tm_mon += (int)count, true;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].name) == len && !strncasecmp(units[i].name, unit, len)) {
            parse->shift_seconds += count * units[i].seconds;
            return true;
        }
    return false;
}

static bool read_keyword(struct parse *parse, const char *word)
{
    if (!strcasecmp(word, "now") || !strcasecmp(word, "today"))
        return true;
    if (!strcasecmp(word, "yesterday"))
        return shift(parse, -1, "day");
    if (!strcasecmp(word, "tomorrow"))
        return shift(parse, 1, "day");
    if (!strcasecmp(word, "midnight"))
        return set_time(parse, 0, 0, 0), true;
    return false;
}

/* A day, a time or a zone, or several of them together. */
static bool read_word(struct parse *parse, const char *word)
{
    int year, month, day, n = 0;

    if (read_keyword(parse, word))
        return true;
    if (sscanf(word, "%4d-%2d-%2d%n", &year, &month, &day, &n) == 3 && n) {
        set_day(parse, year, month, day);
        word += n;
        if (!*word)
            return true;
        word += *word == 'T' || *word == 't';
    } else if (strlen(word) == 8 && strspn(word, "0123456789") == 8 &&
               sscanf(word, "%4d%2d%2d", &year, &month, &day) == 3) {
        return set_day(parse, year, month, day);
    }
    if (take_time(&word, parse) && !*word)
        return true;
    return take_zone(&word, parse) && !*word;
}

/* => false if a word of the list is none. */
static bool read_words(struct parse *parse, char **words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *end;
        long number = strtol(words[i], &end, 10);
        bool ago;
        if (end > words[i] && !*end && i + 1 < count) {
            ago = i + 2 < count && !strcasecmp(words[i + 2], "ago");
            if (shift(parse, ago ? -number : number, words[i + 1])) {
                i += 1 + ago;
                continue;
            }
        }
        if (end > words[i] && *end && isalpha((unsigned char)*end) && shift(parse, number, end))
            continue;
        if (!read_word(parse, words[i]))
            return false;
    }
    return true;
}

static bool finish(struct parse *parse, struct timespec *when)
{
    struct tm *tm = &parse->tm;

    if (parse->has_day && !is_real(tm))
        return false;
    if (parse->has_time && !(in_range(tm->tm_hour, 0, 23) && in_range(tm->tm_min, 0, 59) && in_range(tm->tm_sec, 0, 60)))
        return false;
    if (parse->has_day && !parse->has_time)
        set_time(parse, 0, 0, 0);
    tm->tm_isdst = -1;
    when->tv_sec = (parse->has_zone ? seconds_of(tm) - parse->zone_seconds : mktime(tm)) + parse->shift_seconds;
    when->tv_nsec = parse->nanoseconds;
    return true;
}

static bool parse_seconds(const char *text, struct timespec *when)
{
    char *end;
    long unit = 100000000;
    bool negative = *text == '-';

    when->tv_sec = (time_t)strtoll(text, &end, 10);
    when->tv_nsec = 0;
    if (end == text)
        return false;
    if (*end == '.')
        for (end++; isdigit((unsigned char)*end); end++, unit /= 10)
            when->tv_nsec += (*end - '0') * unit;
    if (negative && when->tv_nsec) {
        when->tv_sec--;
        when->tv_nsec = 1000000000 - when->tv_nsec;
    }
    return !*end;
}

bool when_parse(const char *text, struct timespec *when)
{
    struct parse parse = {0};
    struct timespec now;
    char *copy, *words[16];
    size_t count = 0;
    bool parsed;

    if (*text == '@')
        return parse_seconds(text + 1, when);
    clock_gettime(CLOCK_REALTIME, &now);
    parse.tm = *localtime(&now.tv_sec);
    parse.nanoseconds = now.tv_nsec;
    copy = strdup(text);
    for (char *word = copy ? strtok(copy, " \t\n") : NULL; word && count < 16; word = strtok(NULL, " \t\n"))
        words[count++] = word;
    if (!count)
        set_time(&parse, 0, 0, 0);
    parsed = copy && count < 16 && read_words(&parse, words, count) && finish(&parse, when);
    free(copy);
    return parsed;
}

/* Two digits. */
static int pair(const char *digits)
{
    return (digits[0] - '0') * 10 + digits[1] - '0';
}

bool when_parse_digits(const char *text, bool year_last, struct timespec *when)
{
    size_t n = strspn(text, "0123456789"), year_digits = n - 8;
    const char *year = year_last ? text + 8 : text, *rest = year_last ? text : text + year_digits;
    time_t now = time(NULL);
    struct tm tm = *localtime(&now);

    if ((n != 8 && n != 10 && n != 12) || (text[n] && (text[n] != '.' || strspn(text + n + 1, "0123456789") != 2 || text[n + 3])))
        return false;
    tm.tm_mon = pair(rest) - 1;
    tm.tm_mday = pair(rest + 2);
    tm.tm_hour = pair(rest + 4);
    tm.tm_min = pair(rest + 6);
    tm.tm_sec = text[n] ? pair(text + n + 1) : 0;
    if (year_digits == 4)
        tm.tm_year = pair(year) * 100 + pair(year + 2) - 1900;
    else if (year_digits == 2)
        tm.tm_year = pair(year) + (pair(year) < 69 ? 100 : 0);
    tm.tm_isdst = -1;
    if (!is_real(&tm))
        return false;
    *when = (struct timespec){.tv_sec = mktime(&tm)};
    return true;
}
