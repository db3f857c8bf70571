/* Internet addresses as text and back: dotted quads, and IPv6 by RFC 4291, "Text Representation". */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;
const struct in6_addr in6addr_loopback = IN6ADDR_LOOPBACK_INIT;

uint16_t htons(uint16_t value)
{
    return __builtin_bswap16(value);
}

uint32_t htonl(uint32_t value)
{
    return __builtin_bswap32(value);
}

uint16_t ntohs(uint16_t value)
{
    return __builtin_bswap16(value);
}

uint32_t ntohl(uint32_t value)
{
    return __builtin_bswap32(value);
}

/* One to four numbers, the last one for all bytes that are left; decimal, octal or hexadecimal. */
int inet_aton(const char *text, struct in_addr *addr)
{
    uint32_t value = 0;

    for (int parts = 1;; parts++) {
        char *end;
        unsigned long n = *text >= '0' && *text <= '9' ? strtoul(text, &end, 0) : (end = (char *)text, 0);
        unsigned long most = *end == '.' ? 255 : 0xffffffffUL >> (8 * (parts - 1));

        if (end == text || n > most || (*end == '.' && parts == 4) || (*end && *end != '.'))
            return 0;
        if (*end == '\0') {
            addr->s_addr = htonl(value | (uint32_t)n);
            return 1;
        }
        value |= (uint32_t)n << (32 - 8 * parts);
        text = end + 1;
    }
}

in_addr_t inet_addr(const char *text)
{
    struct in_addr addr;

    return inet_aton(text, &addr) ? addr.s_addr : INADDR_NONE;
}

/* Exactly four decimal numbers without leading zeros. */
static int quad_from(const char *text, uint8_t bytes[4])
{
    for (int i = 0; i < 4; i++) {
        unsigned n = 0;
        const char *from = text;

        while (*text >= '0' && *text <= '9' && text - from < 3)
            n = 10 * n + (unsigned)(*text++ - '0');
        if (text == from || n > 255 || (*from == '0' && text - from > 1) || *text++ != (i < 3 ? '.' : '\0'))
            return 0;
        bytes[i] = (uint8_t)n;
    }
    return 1;
}

/* One group of up to four hexadecimal digits at *text, which moves behind it. */
static int group_from(const char **text, uint8_t bytes[2])
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *from = *text, *digit;
    unsigned n = 0;

    while (**text && *text - from < 4 && (digit = strchr(digits, **text))) {
        n = 16 * n + (unsigned)((digit - digits) & 15);
        ++*text;
    }
    bytes[0] = (uint8_t)(n >> 8);
    bytes[1] = (uint8_t)n;
    return *text > from;
}

/* Groups with colons; "::" is the gap, once; the last two groups may be a dotted quad. */
static int groups_from(const char *text, uint8_t bytes[16])
{
    int at = 0, gap = -1;

    if (text[0] == ':' && *++text != ':')
        return 0;
    while (*text) {
        const char *from = text;

        if (*text == ':') {
            if (gap >= 0)
                return 0;
            gap = at;
            text++;
            continue;
        }
        if (at == 16 || !group_from(&text, bytes + at))
            return 0;
        if (*text == '.') {
            if (at > 12 || !quad_from(from, bytes + at))
                return 0;
            at += 4;
            break;
        }
        at += 2;
        if (*text && (*text++ != ':' || *text == '\0'))
            return 0;
    }
    if (gap < 0 ? at != 16 : at == 16)
        return 0;
    if (gap >= 0) {
        memmove(bytes + gap + 16 - at, bytes + gap, (size_t)(at - gap));
        memset(bytes + gap, 0, (size_t)(16 - at));
    }
    return 1;
}

int inet_pton(int family, const char *restrict text, void *restrict addr)
{
    uint8_t bytes[16];

    if (family != AF_INET && family != AF_INET6)
        return fail(EAFNOSUPPORT);
    if (!(family == AF_INET ? quad_from(text, bytes) : groups_from(text, bytes)))
        return 0;
    memcpy(addr, bytes, family == AF_INET ? 4 : 16);
    return 1;
}

/* The longest run of two or more zero groups. => its first group, 8 = none. */
static int zero_run(const uint8_t *b, int *length)
{
    int best = 8;

    *length = 1;
    for (int i = 0; i < 8; i++) {
        int n = 0;

        while (i + n < 8 && b[2 * (i + n)] == 0 && b[2 * (i + n) + 1] == 0)
            n++;
        if (n > *length) {
            *length = n;
            best = i;
        }
    }
    return best;
}

static void groups_to(const uint8_t *b, char *text)
{
    int length, gap = zero_run(b, &length);
    int quad = gap == 0 && (length == 6 || (length == 5 && b[10] == 0xff && b[11] == 0xff));

    for (int i = 0; i < 8; i++) {
        if (i == gap) {
            text += sprintf(text, "::");
            i += length - 1;
        } else if (quad && i == 6) {
            text += sprintf(text, "%d.%d.%d.%d", b[12], b[13], b[14], b[15]);
            return;
        } else {
            text += sprintf(text, "%x%s", b[2 * i] << 8 | b[2 * i + 1], i == 7 || i + 1 == gap ? "" : ":");
        }
    }
}

const char *inet_ntop(int family, const void *restrict addr, char *restrict text, socklen_t size)
{
    const uint8_t *b = addr;
    char line[INET6_ADDRSTRLEN];

    if (family == AF_INET)
        sprintf(line, "%d.%d.%d.%d", b[0], b[1], b[2], b[3]);
    else if (family == AF_INET6)
        groups_to(b, line);
    else
        return fail(EAFNOSUPPORT), NULL;
    if (strlen(line) >= size)
        return fail(ENOSPC), NULL;
    return strcpy(text, line);
}

char *inet_ntoa(struct in_addr addr)
{
    static char text[INET_ADDRSTRLEN];

    return (char *)inet_ntop(AF_INET, &addr, text, sizeof text);
}
