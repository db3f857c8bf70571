/* Locales and the encodings of characters. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uchar.h>
#include <wchar.h>

static void two_locales_are_known(void)
{
    locale_t l;

    CHECK(strcmp(setlocale(LC_ALL, NULL), "C") == 0);
    CHECK(strcmp(setlocale(LC_ALL, ""), "C") == 0);
    CHECK(setlocale(LC_ALL, "tlh_XX.UTF-8") == NULL);
    CHECK(setlocale(99, "C") == NULL);
    CHECK(MB_CUR_MAX == 1 && strcmp(nl_langinfo(CODESET), "UTF-8") != 0);
    CHECK(strcmp(setlocale(LC_CTYPE, "C.UTF-8"), "C.UTF-8") == 0);
    CHECK(MB_CUR_MAX == 4 && strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
    char *mixed = strdup(setlocale(LC_ALL, NULL));
    CHECK(strcmp(setlocale(LC_ALL, "POSIX"), "C") == 0);
    CHECK(strcmp(setlocale(LC_ALL, mixed), mixed) == 0);
    CHECK_EQ(MB_CUR_MAX, 4);
    free(mixed);
    setenv("LC_ALL", "C.UTF-8", 1);
    CHECK(strcmp(setlocale(LC_ALL, ""), "C.UTF-8") == 0);
    setenv("LC_ALL", "xx", 1);
    CHECK(setlocale(LC_ALL, "") == NULL);
    unsetenv("LC_ALL");
    setlocale(LC_ALL, "C");
    l = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
    CHECK(l && uselocale(l) == LC_GLOBAL_LOCALE);
    CHECK(MB_CUR_MAX == 4 && uselocale(LC_GLOBAL_LOCALE) == l && MB_CUR_MAX == 1);
    freelocale(l);
    CHECK(newlocale(LC_ALL_MASK, "xx", NULL) == NULL && errno == ENOENT);
    CHECK(strcmp(nl_langinfo(DAY_3), "Tuesday") == 0 && strcmp(nl_langinfo(RADIXCHAR), ".") == 0);
    CHECK(strcmp(localeconv()->decimal_point, ".") == 0);
}

static void bytes_are_characters_in_the_c_locale(void)
{
    wchar_t wide[4];
    char bytes[4];

    CHECK_EQ(mbstowcs(wide, "a\xc3\xa4", 4), 3);
    CHECK(wide[1] == 0xc3 && wide[2] == 0xa4);
    CHECK(wcstombs(bytes, wide, 4) == 3 && strcmp(bytes, "a\xc3\xa4") == 0);
    errno = 0;
    CHECK(wctomb(bytes, 0x20ac) == -1 && errno == EILSEQ);
    CHECK_EQ(mblen("\xc3\xa4", 2), 1);
}

static void characters_are_utf8_if_the_locale_says_so(void)
{
    const char *text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", *at = text;
    wchar_t wide[8];
    char bytes[20];
    mbstate_t state = {0};

    setlocale(LC_CTYPE, "C.UTF-8");
    CHECK_EQ(mbsrtowcs(NULL, &at, 0, &state), 4);
    CHECK_EQ(mbsrtowcs(wide, &at, 8, &state), 4);
    CHECK(at == NULL && wide[1] == 0xe4 && wide[2] == 0x20ac && wide[3] == 0x1f600 && wide[4] == 0);
    const wchar_t *from = wide;
    CHECK_EQ(wcsrtombs(bytes, &from, 5, &state), 3);
    CHECK(from == wide + 2);
    CHECK(wcstombs(bytes, wide, sizeof bytes) == 10 && strcmp(bytes, text) == 0);
    CHECK_EQ(mbrtowc(wide, "\xe2", 1, &state), (size_t)-2);
    CHECK_EQ(mbsinit(&state), 0);
    CHECK_EQ(mbrtowc(wide, "\x82\xac", 2, &state), 2);
    CHECK(wide[0] == 0x20ac && mbsinit(&state));
    errno = 0;
    CHECK(mbrtowc(wide, "\xff", 1, &state) == (size_t)-1 && errno == EILSEQ);
    CHECK(btowc('a') == 'a' && btowc(0xc3) == WEOF && wctob(0x20ac) == EOF);
    CHECK_EQ(mbtowc(NULL, "", 1), 0);
    setlocale(LC_CTYPE, "C");
}

static void utf16_goes_in_pairs(void)
{
    char16_t c = 0;
    char bytes[4];
    mbstate_t state = {0};

    setlocale(LC_CTYPE, "C.UTF-8");
    CHECK_EQ(mbrtoc16(&c, "\xf0\x9f\x98\x80", 4, &state), 4);
    CHECK_EQ(c, 0xd83d);
    CHECK_EQ(mbrtoc16(&c, "x", 1, &state), (size_t)-3);
    CHECK_EQ(c, 0xde00);
    CHECK_EQ(c16rtomb(bytes, 0xd83d, &state), 0);
    CHECK_EQ(c16rtomb(bytes, 0xde00, &state), 4);
    CHECK(memcmp(bytes, "\xf0\x9f\x98\x80", 4) == 0);
    setlocale(LC_CTYPE, "C");
}

static void wide_text_has_numbers_and_times(void)
{
    wchar_t *end, text[40];
    struct tm tm = {.tm_year = 100, .tm_mon = 1, .tm_mday = 29};

    CHECK(wcstod(L"  2.5e1x", &end) == 25 && *end == L'x');
    CHECK(wcstold(L"0x1p-3", &end) == 0.125L && *end == 0);
    CHECK(wcstof(L"none", &end) == 0 && *end == L'n');
    CHECK(wcstol(L" -0x1fz", &end, 0) == -31 && *end == L'z');
    CHECK(wcstol(L"0xz", &end, 16) == 0 && *end == L'x');
    errno = 0;
    CHECK(wcstol(L"123", &end, 37) == 0 && errno == EINVAL && *end == L'1');
    errno = 0;
    CHECK(wcstoul(L"18446744073709551616", &end, 10) == ULONG_MAX && errno == ERANGE && *end == 0);
    CHECK(wcstoll(L"z\xe4", &end, 36) == 35 && *end == 0xe4);
    CHECK(wcstoull(L"-1", NULL, 10) == ULLONG_MAX);
    CHECK(wcstoimax(L"-7", NULL, 10) == -7 && wcstoumax(L"0b", &end, 16) == 11 && *end == 0);
    CHECK_EQ(wcsftime(text, 40, L"%Y-%m-%d", &tm), 10);
    CHECK(wcscmp(text, L"2000-02-29") == 0);
    CHECK_EQ(wcsftime(text, 10, L"%Y-%m-%d", &tm), 0);
}

static void unknown_character_sets_are_refused(void)
{
    char latin[] = "\xe4", *in = latin;
    char text[4] = "", *to = text;
    size_t left = 1, room = sizeof text;
    iconv_t sets = iconv_open("UTF-8", "ISO-8859-1");

    CHECK(sets != (iconv_t)-1);
    CHECK_EQ(iconv(sets, &in, &left, &to, &room), 0);
    CHECK(left == 0 && room == 2 && strcmp(text, "\xc3\xa4") == 0);
    CHECK_OK(iconv_close(sets));
    sets = iconv_open("KOI8-R", "KOI8-R");
    CHECK(sets != (iconv_t)-1);
    CHECK_OK(iconv_close(sets));
    errno = 0;
    CHECK(iconv_open("no-such-set", "no-such-set") == (iconv_t)-1 && errno == EINVAL);
    errno = 0;
    CHECK(iconv_open("UTF-8", "no-such-set") == (iconv_t)-1 && errno == EINVAL);
}

static void numbers_of_48_bits_have_their_signs(void)
{
    unsigned short state[3] = {0x330e, 1, 0};
    int negative = 0, high = 0;

    srand48(1);
    for (int i = 0; i < 100; i++) {
        long x = mrand48();

        CHECK(x >= INT32_MIN && x <= INT32_MAX);
        CHECK_EQ(jrand48(state), x);
        negative += x < 0;
        x = lrand48();
        CHECK(x >= 0 && x <= INT32_MAX);
        CHECK_EQ(nrand48(state), x);
        high += x > INT32_MAX / 2;
    }
    CHECK(negative > 20 && negative < 80 && high > 20 && high < 80);
}

TAP_MAIN(two_locales_are_known, bytes_are_characters_in_the_c_locale,
         characters_are_utf8_if_the_locale_says_so, utf16_goes_in_pairs, wide_text_has_numbers_and_times,
         unknown_character_sets_are_refused, numbers_of_48_bits_have_their_signs)
