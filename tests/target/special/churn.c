/* Works on the file system without end: makes, writes, renames, links, truncates and removes files
 * and directories, some synced. The host cuts the power meanwhile. argv[1]: seed. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES 40
#define BLOCK 5000

static unsigned long state;
static char block[BLOCK];

static unsigned long draw(unsigned long below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static const char *name(char *into)
{
    snprintf(into, 64, "/home/d%lu/n%lu", draw(4), draw(NAMES));
    return into;
}

static void write_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | (draw(2) ? O_TRUNC : O_APPEND), 0644);
    if (fd < 0)
        return;
    for (unsigned long i = draw(20); i > 0; i--) {
        memset(block, (int)i, sizeof block);
        if (write(fd, block, draw(sizeof block)) < 0)
            break;
    }
    if (draw(8) == 0)
        fsync(fd);
    close(fd);
}

/* Directories stay in their folder: moving one to another parent is the exception that the file system's
 * promise about power cuts makes (servers/fs/ext2/ext2.h). */
static void move(const char *one, const char *two)
{
    struct stat st;
    size_t folder = (size_t)(strrchr(one, '/') - one);
    if (lstat(one, &st) == 0 && S_ISDIR(st.st_mode) && strncmp(one, two, folder + 1) != 0)
        return;
    rename(one, two);
}

static void step(void)
{
    char one[64], two[64];
    name(one);
    name(two);
    switch (draw(8)) {
    case 0: case 1: case 2: write_file(one); break;
    case 3: move(one, two); break;
    case 4: link(one, two); break;
    case 5: unlink(one); break;
    case 6: truncate(one, (off_t)draw(100000)); break;
    case 7: if (mkdir(one, 0755) < 0) rmdir(one); break;
    }
}

int main(int argc, char **argv)
{
    state = 88172645463325252UL + (argc > 1 ? strtoul(argv[1], NULL, 0) : 0) * 7919;
    for (int i = 0; i < 4; i++) {
        char folder[16];
        snprintf(folder, sizeof folder, "/home/d%d", i);
        mkdir(folder, 0755);
    }
    puts("churning");
    fflush(stdout);
    for (;;)
        step();
}
