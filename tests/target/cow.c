/* Copy-on-write fork: resident private pages are shared read-only, a store copies one page, the last
 * holder gets its page without a copy, and nothing is left behind. */
#include <tests/target/tap/tap.h>
#include <tests/target/tap/counters.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES 32
#define DEPTH 24
#define SHARERS 260

static char *area;

static void make_area(void)
{
    area = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < PAGES; i++)
        memset(area + i * PAGE, i + 1, PAGE);
}

static bool is_intact(void)
{
    for (size_t i = 0; i < PAGES * PAGE; i++)
        if (area[i] != (char)(i / PAGE + 1))
            return false;
    return true;
}

static void store_into_three_pages(void)
{
    unsigned long copies = counters_action(PAGER_ACTION_cow_copy);
    CHECK(is_intact());
    unsigned long after_reading = counters_action(PAGER_ACTION_cow_copy);
    for (int i = 0; i < 3; i++)
        area[i * PAGE + 5] = 77;
    CHECK(copies <= after_reading);
    CHECK_EQ(counters_action(PAGER_ACTION_cow_copy), after_reading + 3);
    CHECK(area[4] == 1 && area[5] == 77 && area[6] == 1);
}

static void a_store_copies_one_page_and_stays_private(void)
{
    make_area();
    CHECK_EQ(tap_in_child(store_into_three_pages), 0);
    CHECK(is_intact());
    munmap(area, PAGES * PAGE);
}

static void do_nothing(void)
{
}

static void the_last_holder_gets_its_page_without_a_copy(void)
{
    make_area();
    CHECK_EQ(tap_in_child(do_nothing), 0);
    unsigned long copies = counters_action(PAGER_ACTION_cow_copy);
    unsigned long soles = counters_action(PAGER_ACTION_cow_sole);
    unsigned long frames = counters_all().frames_anon;
    for (int i = 0; i < PAGES; i++)
        area[i * PAGE] = 1;
    CHECK_EQ(counters_action(PAGER_ACTION_cow_copy), copies);
    CHECK(counters_action(PAGER_ACTION_cow_sole) >= soles + PAGES);
    CHECK_EQ(counters_all().frames_anon, frames);
    munmap(area, PAGES * PAGE);
}

/* Each generation changes one page, makes the next, and finds its own version afterwards. */
static void descend(int depth)
{
    area[depth * PAGE] = 100;
    if (depth + 1 < DEPTH) {
        int status = -1;
        pid_t pid = fork();
        if (pid == 0) {
            descend(depth + 1);
            _exit(tap_failed());
        }
        CHECK(waitpid(pid, &status, 0) == pid);
        CHECK_EQ(status, 0);
    }
    for (int i = 0; i < PAGES; i++)
        CHECK(area[i * PAGE] == (i <= depth ? 100 : (char)(i + 1)));
    for (int i = 0; i < PAGES; i++)
        CHECK(area[i * PAGE + 1] == (char)(i + 1));
}

static void first_generation(void)
{
    descend(0);
}

static void chains_of_forks_keep_their_versions(void)
{
    make_area();
    CHECK_EQ(tap_in_child(first_generation), 0);
    CHECK(is_intact());
    munmap(area, PAGES * PAGE);
}

/* A child: wait for the word, check the pages, change one. Ends with 0 if all was right. */
static void sharer(int go, int number)
{
    char word;
    if (read(go, &word, 1) != 1)
        _exit(2);
    if (!is_intact())
        _exit(3);
    area[number % PAGES * PAGE] = 50;
    _exit(area[number % PAGES * PAGE + 1] == number % PAGES + 1 ? 0 : 4);
}

static void more_than_255_share_a_page(void)
{
    static pid_t pids[SHARERS];
    int go[2], made = 0, good = 0;
    make_area();
    CHECK_OK(pipe(go));
    for (; made < SHARERS; made++) {
        pids[made] = fork();
        if (pids[made] == 0)
            sharer(go[0], made);
        if (pids[made] < 0)
            break;
    }
    for (int i = 0; i < made; i++)
        if (write(go[1], "x", 1) != 1)
            tap_note("write failed");
    for (int i = 0; i < made; i++) {
        int status;
        good += waitpid(pids[i], &status, 0) == pids[i] && status == 0;
    }
    close(go[0]);
    close(go[1]);
    CHECK_EQ(made, SHARERS);
    CHECK_EQ(good, SHARERS);
    CHECK(is_intact());
    munmap(area, PAGES * PAGE);
}

/* The child makes a grandchild and ends; the grandchild still finds all and reports by the pipe. */
static void the_parent_may_end_first(void)
{
    int ends[2];
    char word = 0;
    make_area();
    CHECK_OK(pipe(ends));
    pid_t child = fork();
    if (child == 0) {
        pid_t me = getpid();
        if (fork() == 0) {
            while (getppid() == me)
                usleep(1000);
            area[3 * PAGE] = 9;
            word = area[3 * PAGE + 1] == 4 && area[0] == 1 ? 'y' : 'n';
            _exit(write(ends[1], &word, 1) != 1);
        }
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    close(ends[1]);
    CHECK_EQ(read(ends[0], &word, 1), 1);
    CHECK_EQ(word, 'y');
    CHECK_EQ(read(ends[0], &word, 1), 0);
    close(ends[0]);
    CHECK(is_intact());
    munmap(area, PAGES * PAGE);
}

static void exec_at_once(void)
{
    execl("/bin/true", "true", (char *)NULL);
    _exit(9);
}

/* Frames that belong to processes; the page cache may keep what it read. */
static unsigned long process_frames(void)
{
    struct pager_stats now = counters_all();
    return now.frames_anon + now.frames_table + now.frames_message;
}

static void frame_counts_return_to_where_they_were(void)
{
    make_area();
    for (int i = 0; i < PAGES; i++)
        area[i * PAGE] = i + 1;
    CHECK_EQ(tap_in_child(exec_at_once), 0);
    CHECK_EQ(tap_in_child(store_into_three_pages), 0);
    for (int i = 0; i < PAGES; i++)
        area[i * PAGE] = i + 1;
    unsigned long frames = process_frames(), spaces = counters_all().address_spaces;
    for (int i = 0; i < 10; i++) {
        CHECK_EQ(tap_in_child(exec_at_once), 0);
        CHECK_EQ(tap_in_child(store_into_three_pages), 0);
        CHECK_EQ(tap_in_child(first_generation), 0);
    }
    CHECK_EQ(counters_all().address_spaces, spaces);
    CHECK_EQ(process_frames(), frames);
    CHECK(is_intact());
    munmap(area, PAGES * PAGE);
}

TAP_MAIN(a_store_copies_one_page_and_stays_private, the_last_holder_gets_its_page_without_a_copy,
         chains_of_forks_keep_their_versions, more_than_255_share_a_page, the_parent_may_end_first,
         frame_counts_return_to_where_they_were)
