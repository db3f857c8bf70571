/* Points in time as people write them. */
#ifndef APPS_COMMON_WHEN_H
#define APPS_COMMON_WHEN_H

#include <stdbool.h>
#include <time.h>

/* Words in any order: @SECONDS, YYYY-MM-DD, YYYYMMDD, hh:mm[:ss[.fraction]], YYYY-MM-DDThh:mm..., a zone (Z,
 * UTC, +hhmm, +hh:mm), now, today, yesterday, tomorrow, and [+|-]N UNIT [ago], UNIT from second to year.
 * => false if `text` is anything else. */
bool when_parse(const char *text, struct timespec *when);

/* Digits of POSIX: [[CC]YY]MMDDhhmm[.ss] as touch -t has them, or, with `year_last`, MMDDhhmm[[CC]YY][.ss]
 * as date. => false if `text` is none, or no day of the calendar. */
bool when_parse_digits(const char *text, bool year_last, struct timespec *when);

#endif
