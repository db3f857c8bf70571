/* The lines that sed reads: of all files as if they were one, or of each by itself (-s, -i). With -i what
 * is written while a file is read goes to a new one, which takes its name at its end. */
#include "apps/sed/sed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/common/app.h"

static const struct script *script;
static char **next_path;
static const char *path; /* of the file that is open */
static FILE *stream;
static unsigned long number;
static int status;
static char *new_path; /* -i: what will take the file's name */
static FILE *new_stream;

void input_start(const struct script *of, char **paths)
{
    static char *standard_input[] = {"-", NULL};

    script = of;
    next_path = *paths ? paths : standard_input;
}

unsigned long input_number(void)
{
    return number;
}

int input_status(void)
{
    return status;
}

static void fail(const char *what)
{
    app_warn("%s", what);
    status = 4;
}

/* The name of the file before it was edited: the suffix behind it, or in the place of its stars. */
static char *backup_path(void)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    struct line text = {0};

    if (!strchr(script->suffix, '/'))
        line_add(&text, path, (size_t)(base - path));
    if (!strchr(script->suffix, '*'))
        line_add(&text, base, strlen(base));
    for (const char *p = script->suffix; *p; p++)
        if (*p == '*')
            line_add(&text, base, strlen(base));
        else
            line_char(&text, *p);
    return text.text;
}

/* => false if the file is none that can be edited. */
static bool begin_new(void)
{
    struct stat st;
    int fd;

    if (fstat(fileno(stream), &st) || !S_ISREG(st.st_mode)) {
        app_say("%s: not a regular file", path);
        status = 4;
        return false;
    }
    new_path = app_alloc(strlen(path) + 8);
    sprintf(new_path, "%sXXXXXX", path);
    fd = mkstemp(new_path);
    new_stream = fd < 0 ? NULL : fdopen(fd, "w");
    if (!new_stream) {
        fail(new_path);
        free(new_path);
        return false;
    }
    fchmod(fd, st.st_mode & 07777);
    if (fchown(fd, st.st_uid, st.st_gid))
        fchmod(fd, st.st_mode & 0777);
    output_redirect(new_stream);
    return true;
}

static void end_new(void)
{
    bool written = !ferror(new_stream);

    output_redirect(NULL);
    written = !fclose(new_stream) && written;
    if (written && *script->suffix) {
        char *backup = backup_path();
        if (rename(path, backup))
            fail(backup);
        free(backup);
    }
    if (!written || rename(new_path, path)) {
        fail(path);
        unlink(new_path);
    }
    free(new_path);
    new_stream = NULL;
}

static void close_file(void)
{
    if (ferror(stream))
        fail(path);
    if (stream != stdin)
        fclose(stream);
    stream = NULL;
    if (new_stream)
        end_new();
}

/* Make `stream` one that has more to read. With `within`: only the one that is open. => false: none. */
static bool find_more(bool within)
{
    for (;;) {
        int c;
        if (stream && (c = getc(stream)) != EOF) {
            ungetc(c, stream);
            return true;
        }
        if (within)
            return false;
        if (stream)
            close_file();
        if (!*next_path)
            return false;
        path = *next_path++;
        stream = app_fopen(path);
        status = stream || status ? status : 2;
        if (stream && script->separate)
            number = 0;
        if (stream && script->in_place && !begin_new()) {
            fclose(stream);
            stream = NULL;
        }
    }
}

bool input_next(struct line *line)
{
    if (!find_more(false))
        return false;
    number++;
    return line_read(line, stream);
}

bool input_is_last(void)
{
    return !find_more(script->separate);
}

bool input_at_end(void)
{
    return input_is_last() && (!script->separate || !*next_path);
}

void input_end(void)
{
    if (stream)
        close_file();
}
