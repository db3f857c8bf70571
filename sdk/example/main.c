/* wordfreq [-n COUNT] FILE...: the most frequent words of the files, and how many bits a word is worth. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "words.h"

static int scan(struct words *set, const char *text, size_t length)
{
    size_t end, i = 0;

    while (i < length) {
        for (end = i; end < length && isalpha((unsigned char)text[end]); end++)
            ;
        if (end > i && words_add(set, text + i, end - i))
            return -1;
        i = end + 1;
    }
    return 0;
}

static int scan_open(struct words *set, int fd)
{
    struct stat st;
    void *text;
    int failed;

    if (fstat(fd, &st))
        return -1;
    if (st.st_size == 0)
        return 0;
    text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (text == MAP_FAILED)
        return -1;
    failed = scan(set, text, (size_t)st.st_size);
    munmap(text, (size_t)st.st_size);
    return failed;
}

static int scan_file(struct words *set, const char *name)
{
    int fd = open(name, O_RDONLY), failed = fd < 0 || scan_open(set, fd);

    if (failed)
        fprintf(stderr, "wordfreq: %s: %s\n", name, strerror(errno));
    if (fd >= 0)
        close(fd);
    return failed;
}

static int print_ranked(const struct words *set, size_t most)
{
    struct word **ranked = words_ranked(set);

    if (!ranked)
        return 1;
    for (size_t i = 0; i < set->distinct && i < most; i++)
        printf("%6lu %s\n", ranked[i]->count, ranked[i]->text);
    printf("%zu different words of %lu, %.3f bits each\n", set->distinct, set->total, words_entropy(set));
    free(ranked);
    return 0;
}

int main(int argc, char **argv)
{
    struct words set = {0};
    size_t most = 10;
    int option, failed = 0;

    while ((option = getopt(argc, argv, "n:")) != -1) {
        if (option != 'n') {
            fprintf(stderr, "usage: wordfreq [-n COUNT] FILE...\n");
            return 2;
        }
        most = strtoul(optarg, NULL, 10);
    }
    for (; optind < argc; optind++)
        failed |= scan_file(&set, argv[optind]);
    failed |= print_ranked(&set, most);
    words_clear(&set);
    return failed;
}
