/* What programs from elsewhere did that nothing else here does: each a small case of its own. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/target/tap/tap.h"

#define FILE_NAME "/tmp/ported"

static void close_the_standard_streams(void)
{
    CHECK_OK(fclose(stdin));
    CHECK_FAILS(fcntl(0, F_GETFD), EBADF);
    CHECK_OK(freopen(FILE_NAME, "w", stdout) ? 0 : -1);
    CHECK(printf("kept") == 4);
    CHECK_OK(fclose(stdout));
    CHECK_FAILS(fcntl(1, F_GETFD), EBADF);
    CHECK(putchar('x') == EOF);
    CHECK_OK(fclose(stderr));
    CHECK_FAILS(fcntl(2, F_GETFD), EBADF);
}

static void standard_streams_can_be_closed(void)
{
    char text[16] = "";
    FILE *f;

    CHECK_EQ(tap_in_child(close_the_standard_streams), 0);
    f = fopen(FILE_NAME, "r");
    CHECK(f);
    CHECK(fgets(text, sizeof text, f) && strcmp(text, "kept") == 0);
    CHECK_OK(fclose(f));
}

/* Standard output is closed beneath its stream: what it held is lost, and fclose says so. */
static void lose_the_output(void)
{
    CHECK(printf("lost") == 4);
    CHECK_OK(close(1));
    CHECK(fclose(stdout) == EOF);
}

static void a_failed_last_write_is_told_by_fclose(void)
{
    CHECK_EQ(tap_in_child(lose_the_output), 0);
}

static void a_stream_tells_what_its_buffer_holds(void)
{
    FILE *f = fopen(FILE_NAME, "w+");
    size_t size;
    const char *bytes;

    CHECK(f && __freadable(f) && __fwritable(f) && __fbufsize(f) > 0 && !__flbf(f));
    CHECK_EQ(fputs("0123456789", f) < 0, 0);
    CHECK_EQ(__fpending(f), 10);
    CHECK(__fwriting(f) && !__freading(f));
    __fpurge(f);
    CHECK_EQ(__fpending(f), 0);
    CHECK_EQ(fputs("abcdefgh", f) < 0, 0);
    rewind(f);
    CHECK_EQ(getc(f), 'a');
    CHECK(__freading(f) && !__fwriting(f));
    CHECK_EQ(__freadahead(f), 7);
    bytes = __freadptr(f, &size);
    CHECK(bytes && size == 7 && memcmp(bytes, "bcdefgh", 7) == 0);
    __freadptrinc(f, 3);
    CHECK_EQ(getc(f), 'e');
    CHECK_EQ(ungetc('!', f), '!');
    CHECK_EQ(__freadahead(f), 4);
    bytes = __freadptr(f, &size);
    CHECK(bytes && size == 4 && memcmp(bytes, "!fgh", 4) == 0);
    __freadptrinc(f, 4);
    CHECK(__freadptr(f, &size) == NULL);
    CHECK(!ferror(f));
    __fseterr(f);
    CHECK(ferror(f));
    CHECK_OK(fclose(f));
}

static void fractions_are_cut_off_at_any_size(void)
{
    static volatile const double half[] = {0.5,          2.5,           2147483647.5, 4294967295.5,
                                           1e15 + 0.5,   2251799813685247.75, 4503599627370495.5};
    static volatile const double whole[] = {4503599627370497.0, 9007199254740993.0, 1e50, HUGE_VAL};

    for (size_t i = 0; i < sizeof half / sizeof *half; i++) {
        double x = half[i], low = (double)(long)x;

        CHECK(floor(x) == low && ceil(x) == low + 1 && trunc(x) == low);
        CHECK(floor(-x) == -low - 1 && ceil(-x) == -low && trunc(-x) == -low);
    }
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        double x = whole[i];
        float y = (float)x;

        CHECK(floor(x) == x && ceil(x) == x && trunc(x) == x && truncf(y) == y);
        CHECK(floor(-x) == -x && ceil(-x) == -x && trunc(-x) == -x && truncf(-y) == -y);
    }
    CHECK(signbit(ceil(-half[0])) && signbit(trunc(-half[0])) && truncf(-7.75f) == -7.0f);
    CHECK(isnan(floor(NAN)) && isnan(ceil(NAN)) && isnan(trunc(NAN)) && isnan(truncf(NAN)));
}

TAP_MAIN(standard_streams_can_be_closed, a_failed_last_write_is_told_by_fclose,
         a_stream_tells_what_its_buffer_holds, fractions_are_cut_off_at_any_size)
