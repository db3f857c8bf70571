/* dd [OPERAND=VALUE]...: copy in blocks: if= of= ibs= obs= bs= cbs= count= skip= seek= conv= iflag= oflag=
 * status=. At the end, or when interrupted, it says how many whole and partial blocks it read and wrote. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apps/common/app.h"
#include "apps/common/size.h"

enum conversion {
    CONV_BLOCK = 1,
    CONV_UNBLOCK = 2,
    CONV_LCASE = 4,
    CONV_UCASE = 8,
    CONV_SWAB = 16,
    CONV_NOERROR = 32,
    CONV_NOTRUNC = 64,
    CONV_SYNC = 128,
    CONV_EXCL = 256,
    CONV_NOCREAT = 512,
    CONV_FSYNC = 1024,
    CONV_FDATASYNC = 2048,
    CONV_SPARSE = 4096,
};

enum flag { FLAG_FULLBLOCK = 1, FLAG_APPEND = 2, FLAG_COUNT_BYTES = 4, FLAG_SKIP_BYTES = 8, FLAG_SEEK_BYTES = 16 };

struct word {
    const char *name;
    unsigned value;
};

static const struct word conversions[] = {
    {"block", CONV_BLOCK},     {"unblock", CONV_UNBLOCK},     {"lcase", CONV_LCASE},
    {"ucase", CONV_UCASE},     {"swab", CONV_SWAB},           {"noerror", CONV_NOERROR},
    {"notrunc", CONV_NOTRUNC}, {"sync", CONV_SYNC},           {"excl", CONV_EXCL},
    {"nocreat", CONV_NOCREAT}, {"fsync", CONV_FSYNC},         {"fdatasync", CONV_FDATASYNC},
    {"sparse", CONV_SPARSE},   {NULL, 0},
};
static const struct word flags[] = {
    {"fullblock", FLAG_FULLBLOCK},     {"append", FLAG_APPEND},         {"count_bytes", FLAG_COUNT_BYTES},
    {"skip_bytes", FLAG_SKIP_BYTES}, {"seek_bytes", FLAG_SEEK_BYTES}, {NULL, 0},
};

static const char *in_path, *out_path, *status_level = "";
static uint64_t ibs = 512, obs = 512, bs, cbs, count = UINT64_MAX, skip, seek;
static unsigned conv, in_flags, out_flags;

static uint64_t full_in, partial_in, full_out, partial_out, truncated, bytes_out;
static struct timespec begun;
static volatile sig_atomic_t interrupted;

static unsigned char *block, *waiting; /* what was read; what is to be written, obs bytes at most */
static size_t nwaiting;
static uint64_t column; /* of conv=block and unblock: bytes of the record so far */
static uint64_t blanks; /* of conv=unblock: held back */
static bool ends_with_hole;

static _Noreturn void fail(const char *what)
{
    app_warn("%s", what);
    app_quit();
}

static void report(void)
{
    struct timespec now;
    double seconds;

    if (!strcmp(status_level, "none"))
        return;
    fprintf(stderr, "%llu+%llu records in\n%llu+%llu records out\n", (unsigned long long)full_in,
            (unsigned long long)partial_in, (unsigned long long)full_out,
            (unsigned long long)partial_out);
    if (truncated)
        fprintf(stderr, "%llu truncated record%s\n", (unsigned long long)truncated,
                truncated == 1 ? "" : "s");
    if (!strcmp(status_level, "noxfer"))
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    seconds = (double)(now.tv_sec - begun.tv_sec) + (double)(now.tv_nsec - begun.tv_nsec) / 1e9;
    fprintf(stderr, "%llu bytes copied, %.3f s, %.1f MB/s\n", (unsigned long long)bytes_out, seconds,
            seconds > 0 ? (double)bytes_out / 1e6 / seconds : 0.0);
}

static void interrupt(int number)
{
    interrupted = number;
}

/* Numbers with units, multiplied by x. => false if `text` is none. */
static bool parse_product(char *text, uint64_t *value)
{
    char *x = strchr(text, 'x');
    uint64_t rest;

    if (!x)
        return size_parse(text, value);
    *x = 0;
    return size_parse(text, value) && parse_product(x + 1, &rest) &&
           !__builtin_mul_overflow(*value, rest, value);
}

static unsigned parse_words(char *text, const struct word *words)
{
    unsigned value = 0;

    for (char *word = strtok(text, ","); word; word = strtok(NULL, ",")) {
        const struct word *found = words;
        while (found->name && strcmp(found->name, word))
            found++;
        if (!found->name) {
            app_say("%s: unknown", word);
            app_quit();
        }
        value |= found->value;
    }
    return value;
}

static void read_number(const char *name, char *text)
{
    static const struct {
        const char *name;
        uint64_t *value;
        bool is_size;
    } numbers[] = {{"ibs", &ibs, true},     {"obs", &obs, true},    {"bs", &bs, true},
                   {"cbs", &cbs, true},     {"count", &count, false}, {"skip", &skip, false},
                   {"iseek", &skip, false}, {"seek", &seek, false},   {"oseek", &seek, false}};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(numbers[i].name, name))
            continue;
        if (parse_product(text, numbers[i].value) && (*numbers[i].value || !numbers[i].is_size))
            return;
        app_say("%s=: not a number that makes sense", name);
        app_quit();
    }
    app_say("%s=: unknown operand", name);
    app_quit();
}

static void read_operand(char *operand)
{
    char *value = strchr(operand, '=');

    if (!value)
        app_usage("[if=FILE] [of=FILE] [bs=SIZE] [count=N] [skip=N] [seek=N] [conv=WORD,...]...");
    *value++ = 0;
    if (!strcmp(operand, "if"))
        in_path = value;
    else if (!strcmp(operand, "of"))
        out_path = value;
    else if (!strcmp(operand, "status"))
        status_level = value;
    else if (!strcmp(operand, "conv"))
        conv |= parse_words(value, conversions);
    else if (!strcmp(operand, "iflag"))
        in_flags |= parse_words(value, flags);
    else if (!strcmp(operand, "oflag"))
        out_flags |= parse_words(value, flags);
    else
        read_number(operand, value);
}

static bool both(unsigned a, unsigned b)
{
    return (conv & a) && (conv & b);
}

static void check_operands(void)
{
    if (both(CONV_BLOCK, CONV_UNBLOCK) || both(CONV_LCASE, CONV_UCASE) || both(CONV_EXCL, CONV_NOCREAT)) {
        app_say("conversions exclude each other");
        app_quit();
    }
    if (!cbs)
        conv &= ~(unsigned)(CONV_BLOCK | CONV_UNBLOCK);
    if (bs)
        ibs = obs = bs;
    block = malloc(ibs + 1);
    waiting = malloc(obs);
    if (!block || !waiting) {
        app_say("no memory for blocks of that size");
        app_quit();
    }
}

static void move_to(int fd, const char *path)
{
    if (fd >= 0 && dup2(fd, path == out_path) >= 0)
        close(fd);
    else
        fail(path);
}

static void open_files(void)
{
    uint64_t start = out_flags & FLAG_SEEK_BYTES ? seek : seek * obs;
    struct stat st;
    int how = O_WRONLY | (conv & CONV_NOCREAT ? 0 : O_CREAT) | (conv & CONV_EXCL ? O_EXCL : 0) |
              (out_flags & FLAG_APPEND ? O_APPEND : 0) |
              (conv & CONV_NOTRUNC || seek ? 0 : O_TRUNC);

    if (in_path)
        move_to(open(in_path, O_RDONLY), in_path);
    if (out_path) {
        move_to(open(out_path, how, 0666), out_path);
        if (seek && !(conv & CONV_NOTRUNC) && ftruncate(1, (off_t)start) && !fstat(1, &st) &&
            S_ISREG(st.st_mode))
            fail(out_path);
    }
    in_path = in_path ? in_path : "standard input";
    out_path = out_path ? out_path : "standard output";
}

static bool is_zero(const unsigned char *data, size_t n)
{
    return !n || (!data[0] && !memcmp(data, data + 1, n - 1));
}

static void write_block(const unsigned char *data, size_t n)
{
    size_t done = 0;

    ends_with_hole = (conv & CONV_SPARSE) && is_zero(data, n) && lseek(1, (off_t)n, SEEK_CUR) >= 0;
    while (!ends_with_hole && done < n) {
        ssize_t wrote = write(1, data + done, n - done);
        if (wrote < 0 && errno == EINTR && !interrupted)
            continue;
        if (wrote <= 0) {
            partial_out += done > 0;
            app_warn("%s", out_path);
            report();
            app_quit();
        }
        done += (size_t)wrote;
        bytes_out += (size_t)wrote;
    }
    bytes_out += ends_with_hole ? n : 0;
    if (n == obs)
        full_out++;
    else
        partial_out++;
}

static void put(const unsigned char *data, size_t n)
{
    while (n) {
        size_t part = obs - nwaiting < n ? obs - nwaiting : n;
        memcpy(waiting + nwaiting, data, part);
        nwaiting += part;
        data += part;
        n -= part;
        if (nwaiting == obs) {
            write_block(waiting, nwaiting);
            nwaiting = 0;
        }
    }
}

static void put_char(unsigned char c)
{
    put(&c, 1);
}

/* Lines become records of cbs bytes. */
static void put_blocked(unsigned char c)
{
    if (c != '\n') {
        if (column < cbs)
            put_char(c);
        truncated += column++ == cbs;
        return;
    }
    for (; column < cbs; column++)
        put_char(' ');
    column = 0;
}

static void end_record(void)
{
    put_char('\n');
    column = blanks = 0;
}

/* Records of cbs bytes become lines without the blanks at their ends. */
static void put_unblocked(unsigned char c)
{
    if (c == ' ') {
        blanks++;
    } else {
        for (; blanks; blanks--)
            put_char(' ');
        put_char(c);
    }
    if (++column == cbs)
        end_record();
}

/* Pairs of bytes change places; one that is left over stays. */
static void swap(unsigned char *data, size_t n)
{
    for (size_t i = 0; i + 1 < n; i += 2) {
        unsigned char c = data[i];
        data[i] = data[i + 1];
        data[i + 1] = c;
    }
}

static void change_case(unsigned char *data, size_t n)
{
    for (size_t i = 0; i < n; i++)
        data[i] = (unsigned char)(conv & CONV_LCASE ? tolower(data[i]) : toupper(data[i]));
}

static void convert(unsigned char *data, size_t n)
{
    if (conv & CONV_SWAB)
        swap(data, n);
    if (conv & (CONV_LCASE | CONV_UCASE))
        change_case(data, n);
    if (conv & (CONV_BLOCK | CONV_UNBLOCK)) {
        for (size_t i = 0; i < n; i++)
            if (conv & CONV_BLOCK)
                put_blocked(data[i]);
            else
                put_unblocked(data[i]);
    } else if (bs && !(conv & (CONV_SWAB | CONV_LCASE | CONV_UCASE))) {
        write_block(data, n);
    } else {
        put(data, n);
    }
}

/* One block, or with iflag=fullblock as much of it as there is. => 0 at the end, -1 with errno. */
static ssize_t read_block(size_t most)
{
    size_t total = 0;
    ssize_t n;

    do {
        n = read(0, block + total, most - total);
        total += n > 0 ? (size_t)n : 0;
    } while (!interrupted && ((n < 0 && errno == EINTR) ||
                              (n > 0 && total < most && (in_flags & FLAG_FULLBLOCK))));
    return total ? (ssize_t)total : n;
}

static void skip_input(void)
{
    uint64_t left = in_flags & FLAG_SKIP_BYTES ? skip : skip * ibs;

    if (!left || lseek(0, (off_t)left, SEEK_CUR) >= 0)
        return;
    while (left) {
        ssize_t n = read_block(left < ibs ? (size_t)left : (size_t)ibs);
        if (n < 0)
            fail(in_path);
        if (n == 0)
            return;
        left -= (uint64_t)n;
    }
}

/* Where the output can't be moved in, blocks of zeros are written. */
static void seek_output(void)
{
    uint64_t left = out_flags & FLAG_SEEK_BYTES ? seek : seek * obs;

    if (!left || lseek(1, (off_t)left, SEEK_CUR) >= 0)
        return;
    memset(waiting, 0, obs);
    while (left) {
        size_t part = left < obs ? (size_t)left : (size_t)obs;
        if (!app_write(1, waiting, part))
            fail(out_path);
        left -= part;
    }
}

/* A block that can't be read is passed over. */
static ssize_t pass_error(void)
{
    app_warn("%s", in_path);
    report();
    if (!(conv & CONV_NOERROR))
        return -1;
    lseek(0, (off_t)ibs, SEEK_CUR);
    return 0;
}

/* => status. */
static int copy(void)
{
    bool by_bytes = in_flags & FLAG_COUNT_BYTES, good = true;

    for (uint64_t done = 0; done < count && !interrupted;) {
        uint64_t most = by_bytes && count - done < ibs ? count - done : ibs;
        ssize_t n = read_block((size_t)most);
        if (n == 0 || interrupted)
            break;
        if (n < 0) {
            good = false;
            if ((n = pass_error()) < 0 || !(conv & CONV_SYNC))
                break;
        }
        if (n == (ssize_t)ibs)
            full_in++;
        else
            partial_in++;
        done += by_bytes ? (uint64_t)n : 1;
        if (n < (ssize_t)ibs && (conv & CONV_SYNC)) {
            memset(block + n, conv & (CONV_BLOCK | CONV_UNBLOCK) ? ' ' : 0, ibs - (size_t)n);
            n = (ssize_t)ibs;
        }
        convert(block, (size_t)n);
    }
    return !good;
}

static int finish(int status)
{
    off_t end = lseek(1, 0, SEEK_CUR);

    if ((conv & CONV_BLOCK) && column)
        put_blocked('\n');
    if ((conv & CONV_UNBLOCK) && column)
        end_record();
    if (nwaiting)
        write_block(waiting, nwaiting);
    if (ends_with_hole && (end < 0 || ftruncate(1, lseek(1, 0, SEEK_CUR))))
        fail(out_path);
    if ((conv & (CONV_FSYNC | CONV_FDATASYNC)) && (conv & CONV_FSYNC ? fsync(1) : fdatasync(1)))
        fail(out_path);
    if (close(1))
        fail(out_path);
    report();
    return status;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = interrupt};
    int status, i = 1;

    app_start(argv);
    i += argc > 1 && !strcmp(argv[1], "--");
    for (; i < argc; i++)
        read_operand(argv[i]);
    check_operands();
    sigaction(SIGINT, &action, NULL);
    clock_gettime(CLOCK_MONOTONIC, &begun);
    open_files();
    skip_input();
    seek_output();
    status = finish(copy());
    free(block);
    free(waiting);
    if (interrupted) {
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
    }
    return status;
}
