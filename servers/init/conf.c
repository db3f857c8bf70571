/* Reading `conf`: see conf.h. */
#include <servers/init/conf.h>
#include <string.h>

struct words {
    const char *key, *value;
    size_t key_len, value_len;
};

static bool is(const char *text, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(text, word, n) == 0;
}

/* A number from 1 to 9999 at the beginning of `text`. => its length, 0: there is none. */
static size_t read_number(const char *text, size_t n, uint16_t *out)
{
    size_t at = 0;

    for (*out = 0; at < n && at < 4 && text[at] >= '0' && text[at] <= '9'; at++)
        *out = (uint16_t)(*out * 10 + (text[at] - '0'));
    return *out ? at : 0;
}

static bool read_size(struct conf *out, const char *text, size_t n)
{
    uint16_t rows, cols;
    size_t at = read_number(text, n, &rows), len;

    if (at == 0 || at == n || text[at] != 'x')
        return false;
    at++;
    len = read_number(text + at, n - at, &cols);
    if (len == 0 || at + len != n)
        return false;
    out->rows = rows;
    out->cols = cols;
    return true;
}

/* => false: that means nothing to us. */
static bool apply(struct conf *out, const struct words *w)
{
    if (is(w->key, w->key_len, "mode")) {
        out->is_exec = is(w->value, w->value_len, "exec");
        return out->is_exec || is(w->value, w->value_len, "run");
    }
    if (is(w->key, w->key_len, "size"))
        return read_size(out, w->value, w->value_len);
    if (is(w->key, w->key_len, "policy") && w->value_len < sizeof out->policy) {
        memset(out->policy, 0, sizeof out->policy);
        memcpy(out->policy, w->value, w->value_len);
        return w->value_len > 0;
    }
    return false;
}

static void read_line(struct conf *out, const char *line, size_t n)
{
    const char *equals = memchr(line, '=', n);
    struct words w = {line, line + n, n, 0};

    if (n == 0)
        return;
    if (equals) {
        w.key_len = (size_t)(equals - line);
        w.value = equals + 1;
        w.value_len = n - w.key_len - 1;
    }
    if (apply(out, &w) || out->unknown[0])
        return;
    n = n < sizeof out->unknown ? n : sizeof out->unknown - 1;
    memcpy(out->unknown, line, n);
}

void conf_read(const char *text, size_t n, struct conf *out)
{
    *out = (struct conf){.policy = "clock"};
    while (n > 0) {
        const char *end = memchr(text, '\n', n);
        size_t len = end ? (size_t)(end - text) : n;

        read_line(out, text, len);
        len += end != NULL;
        text += len;
        n -= len;
    }
}
