/* Streams: states and buffers, each function's success and its errors. */
#include <tests/target/tap/tap.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#define PATH "/tmp/streams"

/* Does the file hold exactly that? */
static bool holds(const char *want)
{
    char text[200];
    int fd = open(PATH, O_RDONLY);
    ssize_t n = read(fd, text, sizeof text - 1);

    close(fd);
    if (n < 0)
        return false;
    text[n] = '\0';
    if (strcmp(text, want))
        tap_note("\"%s\", not \"%s\"", text, want);
    return strcmp(text, want) == 0;
}

static bool make(const char *text)
{
    FILE *f = fopen(PATH, "w");

    return f && fputs(text, f) >= 0 && fclose(f) == 0;
}

static void reading_and_writing_take_turns(void)
{
    FILE *f;

    CHECK(make("abcdef"));
    f = fopen(PATH, "r+");
    CHECK(f);
    CHECK_EQ(getc(f), 'a');
    CHECK_EQ(ftell(f), 1);
    CHECK_OK(fseek(f, 0, SEEK_CUR));
    CHECK_EQ(putc('B', f), 'B');
    CHECK_EQ(ftell(f), 2);
    CHECK_OK(fflush(f));
    CHECK_EQ(getc(f), 'c');
    CHECK_OK(fseek(f, -1, SEEK_END));
    CHECK_EQ(fputs("Fg", f), 0);
    rewind(f);
    CHECK_EQ(getc(f), 'a');
    CHECK_OK(fclose(f));
    CHECK(holds("aBcdeFg"));
}

static void appending_always_goes_to_the_end(void)
{
    FILE *f, *g;

    CHECK(make("one"));
    f = fopen(PATH, "a+");
    g = fopen(PATH, "a");
    CHECK(f && g);
    CHECK_EQ(ftell(g), 3);
    CHECK_OK(fseek(f, 0, SEEK_SET));
    CHECK_EQ(getc(f), 'o');
    fseek(f, 0, SEEK_CUR);
    fputs("two", f);
    CHECK_EQ(ftell(f), 6);
    CHECK_OK(fflush(f));
    fputs("three", g);
    CHECK_OK(fclose(g));
    fputs("four", f);
    CHECK_OK(fclose(f));
    CHECK(holds("onetwothreefour"));
}

static void wrong_directions_are_errors(void)
{
    FILE *f = fopen(PATH, "w");

    CHECK(f);
    errno = 0;
    CHECK(getc(f) == EOF && errno == EBADF && ferror(f) && !feof(f));
    clearerr(f);
    CHECK(!ferror(f));
    fclose(f);
    f = fopen(PATH, "r");
    errno = 0;
    CHECK(putc('x', f) == EOF && errno == EBADF && ferror(f));
    errno = 0;
    CHECK(fprintf(f, "x") < 0 && errno == EBADF);
    CHECK(fwrite("x", 1, 1, f) == 0);
    fclose(f);
    CHECK(fdopen(99, "r") == NULL && errno == EBADF);
    CHECK(fdopen(0, "q") == NULL && errno == EINVAL);
    int fd = open(PATH, O_RDONLY);
    CHECK(fdopen(fd, "w") == NULL && errno == EINVAL);
    close(fd);
    CHECK(fopen("/tmp", "w") == NULL && errno == EISDIR);
    CHECK(fopen(PATH, "wx") == NULL && errno == EEXIST);
}

static void the_end_of_file_is_told_until_cleared(void)
{
    FILE *f;

    CHECK(make("x"));
    f = fopen(PATH, "r");
    CHECK(getc(f) == 'x' && !feof(f));
    CHECK(getc(f) == EOF && feof(f) && !ferror(f));
    FILE *g = fopen(PATH, "a");
    fputc('y', g);
    fclose(g);
    CHECK_EQ(getc(f), EOF);
    clearerr(f);
    CHECK_EQ(getc(f), 'y');
    CHECK(getc(f) == EOF && ungetc('z', f) == 'z' && !feof(f) && getc(f) == 'z');
    fclose(f);
}

static void characters_can_be_put_back(void)
{
    FILE *f;

    CHECK(make("abc"));
    f = fopen(PATH, "r");
    CHECK(ungetc('1', f) == '1' && getc(f) == '1');
    CHECK_EQ(getc(f), 'a');
    CHECK(ungetc('x', f) == 'x' && ungetc('y', f) == 'y');
    CHECK(getc(f) == 'y' && getc(f) == 'x' && getc(f) == 'b');
    CHECK_EQ(ungetc(EOF, f), EOF);
    ungetc('q', f);
    CHECK_OK(fseek(f, 0, SEEK_SET));
    CHECK_EQ(getc(f), 'a');
    fclose(f);
}

static void buffers_decide_when_bytes_go_out(void)
{
    static char own[500];
    FILE *f = fopen(PATH, "w");

    fputs("held", f);
    CHECK(__fpending(f) == 4 && holds(""));
    CHECK_OK(setvbuf(f, NULL, _IOLBF, 0));
    CHECK(holds("held"));
    fputs("line\nrest", f);
    CHECK(__flbf(f) && holds("heldline\n"));
    CHECK_OK(setvbuf(f, NULL, _IONBF, 0));
    CHECK(holds("heldline\nrest"));
    putc('!', f);
    fprintf(f, "%d", 5);
    CHECK(holds("heldline\nrest!5"));
    CHECK_OK(setvbuf(f, own, _IOFBF, sizeof own));
    fputs("own", f);
    CHECK(holds("heldline\nrest!5"));
    CHECK(memmem(own, sizeof own, "own", 3) != NULL);
    CHECK_EQ(setvbuf(f, NULL, 9, 0), -1);
    CHECK_OK(setvbuf(f, NULL, _IOFBF, 20000));
    CHECK_EQ(__fbufsize(f), 20000);
    for (int i = 0; i < 3000; i++)
        fputs("123456789\n", f);
    CHECK_OK(fclose(f));
    struct stat st;
    CHECK_OK(stat(PATH, &st));
    CHECK_EQ(st.st_size, 18 + 30000);
}

static void big_blocks_and_small_ones_mix(void)
{
    static unsigned char block[20000], back[20000];
    FILE *f = fopen(PATH, "w+");

    for (size_t i = 0; i < sizeof block; i++)
        block[i] = (unsigned char)(i * 7 + i / 251);
    CHECK_EQ(fwrite(block, 1, 100, f), 100);
    CHECK_EQ(fwrite(block + 100, 1000, 15, f), 15);
    CHECK_EQ(fwrite(block + 15100, 4900, 1, f), 1);
    CHECK_EQ(fwrite(block, 0, 5, f), 0);
    rewind(f);
    CHECK_EQ(fread(back, 1, 10, f), 10);
    CHECK_EQ(fread(back + 10, 1, 12000, f), 12000);
    CHECK_EQ(fread(back + 12010, 1000, 100, f), 7);
    CHECK(feof(f));
    CHECK(memcmp(block, back, sizeof block) == 0);
    fclose(f);
}

static void positions_are_kept(void)
{
    fpos_t at;
    FILE *f;

    CHECK(make("0123456789"));
    f = fopen(PATH, "r");
    for (int i = 0; i < 4; i++)
        getc(f);
    CHECK_OK(fgetpos(f, &at));
    CHECK_EQ(getc(f), '4');
    fseeko(f, 0, SEEK_END);
    CHECK_EQ(ftello(f), 10);
    CHECK_OK(fsetpos(f, &at));
    CHECK_EQ(getc(f), '4');
    CHECK_FAILS(fseek(f, 0, 77), EINVAL);
    CHECK_FAILS(fseek(f, -5, SEEK_SET), EINVAL);
    CHECK_EQ(getc(f), '5');
    fclose(f);
    f = popen("echo x", "r");
    CHECK_FAILS(fseek(f, 0, SEEK_SET), ESPIPE);
    CHECK(ftell(f) == -1 && errno == ESPIPE);
    pclose(f);
}

static void fflush_gives_read_ahead_back(void)
{
    int fd;
    FILE *f;
    char c;

    CHECK(make("abcdef"));
    fd = open(PATH, O_RDONLY);
    f = fdopen(dup(fd), "r");
    CHECK_EQ(getc(f), 'a');
    CHECK_OK(fflush(f));
    CHECK(read(fd, &c, 1) == 1 && c == 'b');
    CHECK_EQ(getc(f), 'c');
    CHECK_OK(fclose(f));
    CHECK(read(fd, &c, 1) == 1 && c == 'd');
    close(fd);
}

static void leave_things_unwritten(void)
{
    FILE *f = fopen(PATH, "w"), *g = fdopen(dup(fileno(f)), "w");

    fputs("first", f);
    fflush(NULL);
    fputs(" second", g);
    exit(0);
}

static void exit_writes_out_all_streams(void)
{
    CHECK_EQ(tap_in_child(leave_things_unwritten), 0);
    CHECK(holds("first second"));
}

static void freopen_changes_file_and_mode(void)
{
    FILE *f;

    CHECK(make("old"));
    f = fopen(PATH, "r");
    int fd = fileno(f);
    CHECK(freopen(PATH, "a", f) == f);
    CHECK_EQ(fileno(f), fd);
    fputs("new", f);
    CHECK(freopen(NULL, "r", f) == NULL && errno == EBADF);
    CHECK(holds("oldnew"));
    f = fopen(PATH, "r+");
    CHECK(freopen(NULL, "r", f) == f);
    CHECK(putc('x', f) == EOF);
    CHECK(freopen("/tmp/none/x", "r", f) == NULL && errno == ENOENT);
}

static void memory_is_a_file(void)
{
    char room[10] = "abcdefghi", *text = NULL;
    size_t n = 0;
    FILE *f = fmemopen(room, 5, "r");

    CHECK(f && getc(f) == 'a' && fseek(f, 0, SEEK_END) == 0 && ftell(f) == 5 && getc(f) == EOF);
    fclose(f);
    f = fmemopen(room, sizeof room, "w");
    CHECK_EQ(fputs("12", f), 0);
    CHECK_OK(fflush(f));
    CHECK(strcmp(room, "12") == 0);
    fputs("34567890123", f);
    errno = 0;
    CHECK(fflush(f) == EOF && errno == ENOSPC);
    fclose(f);
    strcpy(room, "xy");
    f = fmemopen(room, sizeof room, "a+");
    fputs("z", f);
    rewind(f);
    CHECK(getc(f) == 'x');
    fclose(f);
    CHECK(strcmp(room, "xyz") == 0);
    CHECK(fmemopen(NULL, 10, "r") == NULL && errno == EINVAL);
    CHECK_EQ(fileno(f = fmemopen(NULL, 10, "w+")), -1);
    fclose(f);
    f = open_memstream(&text, &n);
    CHECK(f && n == 0 && text[0] == '\0');
    for (int i = 0; i < 1000; i++)
        fprintf(f, "%d ", i);
    CHECK_OK(fflush(f));
    CHECK(n == strlen(text) && n == 3890);
    CHECK_OK(fseek(f, 2, SEEK_SET));
    fputs("X", f);
    fflush(f);
    CHECK(n == 3 && memcmp(text, "0 X 2", 5) == 0);
    fclose(f);
    free(text);
}

static ssize_t count_bytes(void *cookie, const char *from, size_t n)
{
    *(size_t *)cookie += n;
    return (ssize_t)n;
}

static void functions_are_a_file(void)
{
    size_t n = 0;
    FILE *f = fopencookie(&n, "w", (cookie_io_functions_t){.write = count_bytes});

    CHECK(f);
    fputs("12345", f);
    CHECK_EQ(fseek(f, 0, SEEK_SET), -1);
    CHECK_OK(fclose(f));
    CHECK_EQ(n, 5);
}

static void lines_of_any_length(void)
{
    char *line = NULL;
    size_t size = 0;
    FILE *f = fopen(PATH, "w+");

    for (int i = 0; i < 10000; i++)
        putc('a' + i % 26, f);
    fputs("\nshort\n;x;last", f);
    rewind(f);
    CHECK_EQ(getline(&line, &size, f), 10001);
    CHECK(line[9999] == 'a' + 9999 % 26 && line[10000] == '\n' && size > 10001);
    CHECK_EQ(getline(&line, &size, f), 6);
    CHECK_EQ(getdelim(&line, &size, ';', f), 1);
    CHECK_EQ(getdelim(&line, &size, ';', f), 2);
    CHECK_EQ(getline(&line, &size, f), 4);
    CHECK(strcmp(line, "last") == 0 && feof(f));
    CHECK_EQ(getline(&line, &size, f), -1);
    CHECK_FAILS(getline(NULL, &size, f), EINVAL);
    free(line);
    fclose(f);
}

static void wide_characters_go_both_ways(void)
{
    wchar_t text[20], *grown;
    int n = 0;
    size_t size;
    FILE *f = fopen(PATH, "w+");

    CHECK_EQ(fwide(f, 0), 0);
    CHECK_EQ(fwprintf(f, L"%ls %d\n", L"wide", 7), 7);
    CHECK(fwide(f, -1) > 0);
    rewind(f);
    CHECK_EQ(fgetwc(f), L'w');
    CHECK_EQ(ungetwc(L'W', f), L'W');
    CHECK_EQ(fwscanf(f, L"%19ls %d", text, &n), 2);
    CHECK(wcscmp(text, L"Wide") == 0 && n == 7);
    CHECK_EQ(fgetwc(f), L'\n');
    CHECK_EQ(fgetwc(f), WEOF);
    fclose(f);
    CHECK_EQ(swprintf(text, 20, L"%5.1f|%-4s|", 2.25, "ab"), 11);
    CHECK(wcscmp(text, L"  2.2|ab  |") == 0);
    CHECK_EQ(swprintf(text, 3, L"%s", "long"), -1);
    CHECK_EQ(swscanf(L"12 x", L"%d %lc", &n, text), 2);
    CHECK(n == 12 && text[0] == L'x');
    f = open_wmemstream(&grown, &size);
    fputws(L"a\u20acb", f);
    fclose(f);
    CHECK(size == 3 && grown[1] == 0x20ac && grown[3] == 0);
    free(grown);
}

static void long_double_is_printed_and_read_exactly(void)
{
    long double third = 1.0L / 3, back;
    char text[100];

    CHECK_EQ(snprintf(text, sizeof text, "%.36Le", third), 42);
    CHECK(strcmp(text, "3.333333333333333333333333333333333173e-01") == 0);
    CHECK(strtold(text, NULL) == third);
    CHECK_EQ(sscanf(text, "%Lf", &back), 1);
    CHECK(back == third);
    sprintf(text, "%La %Lg", third, 1e4000L);
    CHECK(strcmp(text, "0x1.5555555555555555555555555555p-2 1e+4000") == 0);
    sprintf(text, "%2$s %1$.3Lf", 2.5L, "numbered");
    CHECK(strcmp(text, "numbered 2.500") == 0);
    errno = 0;
    CHECK(strtold("1e5000", NULL) > 1e4931L && errno == ERANGE);
}

/* Reads what a pipe has, at once. */
static void what_is_not_buffered_is_written_in_one_piece(void)
{
    int ends[2];
    char text[100];

    CHECK_OK(pipe(ends));
    FILE *f = fdopen(ends[1], "w");
    setvbuf(f, NULL, _IONBF, 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    CHECK_EQ(fprintf(f, "%d-%s-%c", 1, "two", '3'), 7);
    CHECK_EQ(read(ends[0], text, sizeof text), 7);
    CHECK_EQ(dprintf(ends[1], "%s", "direct"), 6);
    CHECK_EQ(read(ends[0], text, sizeof text), 6);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    CHECK(fputs("x", f) == EOF && errno == EPIPE && ferror(f));
    fclose(f);
    CHECK_FAILS(dprintf(99, "x"), EBADF);
}

static void temporary_files_go_away(void)
{
    FILE *f = tmpfile();
    char name[L_tmpnam], *named;

    CHECK(f);
    fputs("text", f);
    rewind(f);
    CHECK(getc(f) == 't');
    CHECK_OK(fclose(f));
    CHECK(tmpnam(name) == name && access(name, F_OK) == -1);
    named = tempnam("/tmp", "abc");
    CHECK(named && strncmp(named, "/tmp/abc", 8) == 0);
    free(named);
}

TAP_MAIN(reading_and_writing_take_turns, appending_always_goes_to_the_end, wrong_directions_are_errors,
         the_end_of_file_is_told_until_cleared, characters_can_be_put_back, buffers_decide_when_bytes_go_out,
         big_blocks_and_small_ones_mix, positions_are_kept, fflush_gives_read_ahead_back,
         exit_writes_out_all_streams, freopen_changes_file_and_mode, memory_is_a_file, functions_are_a_file,
         lines_of_any_length, wide_characters_go_both_ways, long_double_is_printed_and_read_exactly,
         what_is_not_buffered_is_written_in_one_piece, temporary_files_go_away)
