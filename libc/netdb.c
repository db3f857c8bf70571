/* Names of hosts and services, where there is no network: numbers are understood, names are not found. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

int h_errno;

struct answer {
    struct addrinfo info; /* first: what the program gets and gives back */
    struct sockaddr_storage addr;
};

/* Fill in address and port (network order). host: NULL = this one. => 0 or an EAI_ code. */
static int address_of(const char *host, in_port_t port, const struct addrinfo *hints, struct answer *answer)
{
    struct sockaddr_in *in = (struct sockaddr_in *)&answer->addr;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&answer->addr;
    int family = hints->ai_family;

    if (host == NULL)
        host = hints->ai_flags & AI_PASSIVE ? family == AF_INET6 ? "::" : "0.0.0.0"
               : family == AF_INET6         ? "::1"
                                            : "127.0.0.1";
    if (family != AF_INET6 && inet_aton(host, &in->sin_addr)) {
        in->sin_family = AF_INET;
        in->sin_port = port;
        answer->info.ai_addrlen = sizeof *in;
    } else if (family != AF_INET && inet_pton(AF_INET6, host, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = port;
        answer->info.ai_addrlen = sizeof *in6;
    } else {
        return hints->ai_flags & AI_NUMERICHOST ? EAI_NONAME : EAI_FAIL;
    }
    answer->info.ai_family = answer->addr.ss_family;
    answer->info.ai_addr = (struct sockaddr *)&answer->addr;
    return 0;
}

/* A service as a number. => 0 or an EAI_ code */
static int port_of(const char *service, in_port_t *port)
{
    char *end;
    unsigned long n = service ? strtoul(service, &end, 10) : 0;

    if (service && (end == service || *end || n > 65535))
        return EAI_SERVICE;
    *port = htons((in_port_t)n);
    return 0;
}

int getaddrinfo(const char *restrict host, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    static const struct addrinfo none;
    struct answer *answer;
    in_port_t port;
    int rc;

    hints = hints ? hints : &none;
    if (host == NULL && service == NULL)
        return EAI_NONAME;
    if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET && hints->ai_family != AF_INET6)
        return EAI_FAMILY;
    rc = port_of(service, &port);
    if (rc)
        return rc;
    answer = calloc(1, sizeof *answer);
    if (answer == NULL)
        return EAI_MEMORY;
    rc = address_of(host, port, hints, answer);
    if (rc) {
        free(answer);
        return rc;
    }
    answer->info.ai_socktype = hints->ai_socktype ? hints->ai_socktype : SOCK_STREAM;
    answer->info.ai_protocol = hints->ai_protocol;
    *found = &answer->info;
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    free(list);
}

const char *gai_strerror(int code)
{
    static const char *const text[] = {
        "success", "bad flags", "name or service not known", "temporary failure in name resolution",
        "no network: names cannot be resolved", "no address", "address family not supported",
        "socket type not supported", "service not known", "no address", "out of memory", "system error",
        "buffer too small",
    };

    return code <= 0 && -code < (int)(sizeof text / sizeof *text) ? text[-code] : "unknown error";
}

/* Host and service as numbers. */
int getnameinfo(const struct sockaddr *restrict addr, socklen_t len, char *restrict host,
                socklen_t host_size, char *restrict service, socklen_t service_size, int flags)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)addr;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)addr;
    int six = addr->sa_family == AF_INET6;

    if ((addr->sa_family != AF_INET && !six) || len < (six ? sizeof *in6 : sizeof *in))
        return EAI_FAMILY;
    if (flags & NI_NAMEREQD)
        return EAI_NONAME;
    if (host && host_size &&
        !inet_ntop(addr->sa_family, six ? (const void *)&in6->sin6_addr : &in->sin_addr, host, host_size))
        return EAI_OVERFLOW;
    if (service && service_size &&
        snprintf(service, service_size, "%u", ntohs(six ? in6->sin6_port : in->sin_port)) >= (int)service_size)
        return EAI_OVERFLOW;
    return 0;
}

struct hostent *gethostbyname(const char *name)
{
    static struct in_addr addr;
    static char *aliases[1], *addresses[2], text[INET_ADDRSTRLEN];
    static struct hostent host = {text, aliases, AF_INET, sizeof addr, addresses};

    if (!inet_aton(name, &addr)) {
        h_errno = NO_RECOVERY;
        return NULL;
    }
    addresses[0] = (char *)&addr;
    inet_ntop(AF_INET, &addr, text, sizeof text);
    return &host;
}

struct hostent *gethostbyaddr(const void *addr, socklen_t len, int family)
{
    h_errno = NO_RECOVERY;
    return NULL;
}

struct servent *getservbyname(const char *name, const char *protocol)
{
    return NULL;
}

struct servent *getservbyport(int port, const char *protocol)
{
    return NULL;
}

struct protoent *getprotobyname(const char *name)
{
    return NULL;
}

struct protoent *getprotobynumber(int number)
{
    return NULL;
}
