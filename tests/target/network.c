/* Where there is no network: every call of sockets says so, addresses as text are understood. And a
 * program that has some of the library's names for functions of its own. */
#include <tests/target/tap/tap.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

static int own_calls;

/* As programs bring it along for systems that lack it. */
void *reallocarray(void *p, size_t n, size_t size)
{
    own_calls++;
    return realloc(p, n * size);
}

static void a_program_may_bring_part_of_the_allocator(void)
{
    void *p = reallocarray(NULL, 2, 8), *q;

    CHECK(p && own_calls == 1);
    CHECK_EQ(posix_memalign(&q, 64, 64), 0);
    free(p);
    free(q);
}

static void there_are_no_sockets_to_be_had(void)
{
    int fds[2];

    CHECK_FAILS(socket(AF_INET, SOCK_STREAM, 0), EAFNOSUPPORT);
    CHECK_FAILS(socket(AF_UNIX, SOCK_STREAM, 0), EAFNOSUPPORT);
    CHECK_FAILS(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), EAFNOSUPPORT);
}

static void no_descriptor_is_a_socket(void)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    struct sockaddr *a = (struct sockaddr *)&addr;
    socklen_t len = sizeof addr;
    struct msghdr message = {0};
    char b[1];

    for (int i = 0; i < 2; i++) {
        int fd = i ? 99 : 1, error = i ? EBADF : ENOTSOCK;

        CHECK_FAILS(accept(fd, a, &len), error);
        CHECK_FAILS(bind(fd, a, len), error);
        CHECK_FAILS(connect(fd, a, len), error);
        CHECK_FAILS(listen(fd, 1), error);
        CHECK_FAILS(shutdown(fd, SHUT_RD), error);
        CHECK_FAILS(sockatmark(fd), error);
        CHECK_FAILS(getpeername(fd, a, &len), error);
        CHECK_FAILS(getsockname(fd, a, &len), error);
        CHECK_FAILS(getsockopt(fd, SOL_SOCKET, SO_TYPE, b, &len), error);
        CHECK_FAILS(setsockopt(fd, SOL_SOCKET, SO_TYPE, b, len), error);
        CHECK_FAILS(recv(fd, b, 1, 0), error);
        CHECK_FAILS(recvfrom(fd, b, 1, 0, a, &len), error);
        CHECK_FAILS(recvmsg(fd, &message, 0), error);
        CHECK_FAILS(send(fd, b, 1, 0), error);
        CHECK_FAILS(sendto(fd, b, 1, 0, a, len), error);
        CHECK_FAILS(sendmsg(fd, &message, 0), error);
    }
}

static void internet_addresses_as_text(void)
{
    static const struct {
        int family;
        const char *text, *back; /* NULL: not an address */
    } table[] = {
        {AF_INET, "127.0.0.1", "127.0.0.1"}, {AF_INET, "1.2.3", NULL},
        {AF_INET, "1.2.3.256", NULL},        {AF_INET, "1.2.3.4x", NULL},
        {AF_INET, "1.02.3.4", NULL},         {AF_INET6, "::", "::"},
        {AF_INET6, "::1", "::1"},            {AF_INET6, "1::", "1::"},
        {AF_INET6, "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
        {AF_INET6, "FE80:0:0:1:0:0:0:9", "fe80:0:0:1::9"},
        {AF_INET6, "::ffff:1.2.3.4", "::ffff:1.2.3.4"},
        {AF_INET6, "1:2:3:4:5:6:7", NULL},   {AF_INET6, "1::2::3", NULL},
        {AF_INET6, "1:", NULL},              {AF_INET6, ":1", NULL},
        {AF_INET6, "12345::", NULL},         {AF_INET6, "1:2:3:4:5:6:7:8:9", NULL},
        {AF_INET6, "1:2:3:4:5:6:7:8::", NULL},
    };
    char text[INET6_ADDRSTRLEN], addr[16];

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        tap_note("%s", table[i].text);
        CHECK_EQ(inet_pton(table[i].family, table[i].text, addr), table[i].back != NULL);
        if (table[i].back) {
            CHECK(inet_ntop(table[i].family, addr, text, sizeof text));
            CHECK(strcmp(text, table[i].back) == 0);
        }
    }
    CHECK_FAILS(inet_pton(99, "1", addr), EAFNOSUPPORT);
    CHECK(!inet_ntop(AF_INET, addr, text, 3) && errno == ENOSPC);
    CHECK_EQ(inet_addr("10.1"), htonl(0x0a000001));
    CHECK_EQ(inet_addr("0x7f.1"), htonl(0x7f000001));
    CHECK_EQ(inet_addr("1.2.3.4.5"), INADDR_NONE);
    CHECK(strcmp(inet_ntoa((struct in_addr){htonl(0x01020304)}), "1.2.3.4") == 0);
}

static void hosts_by_number_but_not_by_name(void)
{
    struct addrinfo *found, hints = {.ai_family = AF_INET};
    struct sockaddr_in *in;
    char host[64], service[8];

    CHECK_EQ(getaddrinfo("10.0.0.1", "80", &hints, &found), 0);
    in = (struct sockaddr_in *)found->ai_addr;
    CHECK_EQ(in->sin_port, htons(80));
    CHECK_EQ(getnameinfo(found->ai_addr, found->ai_addrlen, host, sizeof host, service, sizeof service, 0), 0);
    CHECK(strcmp(host, "10.0.0.1") == 0 && strcmp(service, "80") == 0);
    freeaddrinfo(found);
    CHECK_EQ(getaddrinfo("example.org", "80", NULL, &found), EAI_FAIL);
    CHECK_EQ(getaddrinfo("10.0.0.1", "http", NULL, &found), EAI_SERVICE);
    CHECK_EQ(getaddrinfo(NULL, NULL, NULL, &found), EAI_NONAME);
    CHECK(gethostbyname("10.0.0.1"));
    CHECK(!gethostbyname("example.org") && h_errno == NO_RECOVERY);
    CHECK(!getservbyname("http", "tcp"));
}

TAP_MAIN(a_program_may_bring_part_of_the_allocator, there_are_no_sockets_to_be_had,
         no_descriptor_is_a_socket, internet_addresses_as_text, hosts_by_number_but_not_by_name)
