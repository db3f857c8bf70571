/* Where sed writes: standard output, the files of w, and with -i the file that is edited. */
#include "apps/sed/sed.h"

#include <stdlib.h>
#include <string.h>

#include "apps/common/app.h"

static struct output *outputs;
static struct output standard = {.name = "-"};

struct output *output_standard(void)
{
    if (!standard.stream)
        standard.stream = stdout;
    return &standard;
}

void output_redirect(FILE *stream)
{
    standard.stream = stream;
    standard.owes_newline = false;
}

static FILE *open_stream(const char *name)
{
    FILE *stream;

    if (!strcmp(name, "/dev/stdout"))
        return stdout;
    if (!strcmp(name, "/dev/stderr"))
        return stderr;
    stream = fopen(name, "w");
    if (!stream) {
        app_warn("%s", name);
        exit(4);
    }
    return stream;
}

struct output *output_open(const char *name)
{
    struct output *output;

    for (output = outputs; output; output = output->next)
        if (!strcmp(output->name, name))
            return output;
    output = app_alloc(sizeof *output);
    *output = (struct output){.next = outputs, .name = app_dup(name), .stream = open_stream(name)};
    outputs = output;
    return output;
}

/* What goes to a file must be there when a command reads it back. */
static void finish_write(struct output *to)
{
    if (to != &standard)
        fflush(to->stream);
}

static void pay_newline(struct output *to)
{
    if (to->owes_newline)
        putc('\n', to->stream);
    to->owes_newline = false;
}

void output_line(struct output *to, const struct line *line)
{
    pay_newline(to);
    line_write(line, '\n', to->stream);
    to->owes_newline = !line->had_newline;
    finish_write(to);
}

void output_text(struct output *to, const char *text, size_t len)
{
    pay_newline(to);
    fwrite(text, 1, len, to->stream);
    finish_write(to);
}

bool output_close_all(void)
{
    bool written = true;

    for (struct output *output = outputs; output; output = output->next)
        if (ferror(output->stream) || fflush(output->stream)) {
            app_warn("%s", output->name);
            written = false;
        }
    return written;
}
