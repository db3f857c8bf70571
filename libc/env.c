/* The environment. `environ` is the program's: it may be set to anything; it is copied into an array
 * of ours when it has to grow. Strings that setenv() made are remembered and freed with their
 * variable; putenv()'s are the program's own. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

static char *empty[] = {NULL};
char **environ = empty;

static char **array;    /* what environ points to once it was changed here */
static size_t capacity; /* pointers that fit into it */
static char **made;     /* strings of setenv(), in no order */
static size_t nmade;

/* The variable's place in environ, or NULL. The name has n bytes. */
static char **find(const char *name, size_t n)
{
    for (char **at = environ; at && *at; at++)
        if (strncmp(*at, name, n) == 0 && (*at)[n] == '=')
            return at;
    return NULL;
}

char *getenv(const char *name)
{
    size_t n = strlen(name);
    char **at = n && !strchr(name, '=') ? find(name, n) : NULL;

    return at ? *at + n + 1 : NULL;
}

/* No program has more rights than its user. */
char *secure_getenv(const char *name)
{
    return getenv(name);
}

static size_t count(void)
{
    size_t n = 0;

    while (environ && environ[n])
        n++;
    return n;
}

/* Make room for one more, in our array. */
static int grow(void)
{
    size_t n = count();
    char **larger;

    if (environ == array && n + 2 <= capacity)
        return 0;
    larger = malloc((2 * n + 8) * sizeof *larger);
    if (larger == NULL)
        return fail(ENOMEM);
    if (n)
        memcpy(larger, environ, n * sizeof *larger);
    larger[n] = NULL;
    free(array);
    environ = array = larger;
    capacity = 2 * n + 8;
    return 0;
}

static void forget(const char *text)
{
    for (size_t i = 0; i < nmade; i++)
        if (made[i] == text) {
            free(made[i]);
            made[i] = made[--nmade];
            return;
        }
}

static int remember(char *text)
{
    char **more = realloc(made, (nmade + 1) * sizeof *made);

    if (more == NULL)
        return fail(ENOMEM);
    made = more;
    made[nmade++] = text;
    return 0;
}

/* Put "name=value" in; the name has n bytes. */
static int put(char *text, size_t n)
{
    char **at = find(text, n);
    size_t end = count();

    if (at == NULL && grow())
        return -1;
    if (at == NULL) {
        environ[end] = text;
        environ[end + 1] = NULL;
    } else if (*at != text) {
        forget(*at);
        *at = text;
    }
    return 0;
}

/* => length of a name, or 0 with EINVAL. */
static size_t name_length(const char *name)
{
    size_t n = name ? strlen(name) : 0;

    if (n == 0 || strchr(name, '=')) {
        errno = EINVAL;
        return 0;
    }
    return n;
}

int setenv(const char *name, const char *value, int overwrite)
{
    size_t n = name_length(name), bytes;
    char *text;

    if (n == 0)
        return -1;
    if (!overwrite && find(name, n))
        return 0;
    bytes = strlen(value) + 1;
    text = malloc(n + 1 + bytes);
    if (text == NULL)
        return fail(ENOMEM);
    memcpy(text, name, n);
    text[n] = '=';
    memcpy(text + n + 1, value, bytes);
    if (remember(text)) {
        free(text);
        return -1;
    }
    if (put(text, n)) {
        forget(text);
        return -1;
    }
    return 0;
}

int unsetenv(const char *name)
{
    size_t n = name_length(name);
    char **at;

    if (n == 0)
        return -1;
    while ((at = find(name, n))) {
        forget(*at);
        for (; *at; at++)
            at[0] = at[1];
    }
    return 0;
}

/* Without '=': the variable goes. */
int putenv(char *text)
{
    size_t n = strcspn(text, "=");

    if (n == 0)
        return fail(EINVAL);
    return text[n] ? put(text, n) : unsetenv(text);
}

int clearenv(void)
{
    while (nmade)
        free(made[--nmade]);
    environ = NULL;
    return 0;
}
