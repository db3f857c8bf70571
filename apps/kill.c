/* kill [-s SIGNAL | -SIGNAL] PID..., kill -l: names of the signals. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "apps/common/app.h"
#include "apps/common/signals.h"

static const char usage[] = "[-s SIGNAL | -SIGNAL] PID... | -l";

static int list(void)
{
    for (int i = 1; i < SIGNAL_COUNT; i++)
        if (*signal_name(i) != '?')
            printf("%2d %s\n", i, signal_name(i));
    return app_finish(0);
}

static bool send(const char *text, int number)
{
    long pid;

    if (!app_number(text, &pid)) {
        app_say("%s: not a process", text);
        return false;
    }
    if (!kill((pid_t)pid, number))
        return true;
    app_warn("%s", text);
    return false;
}

int main(int argc, char **argv)
{
    int number = SIGTERM, i = 1, status = 0;

    app_start(argv);
    if (argc > 1 && !strcmp(argv[1], "-l"))
        return list();
    if (argc > 2 && !strcmp(argv[1], "-s")) {
        number = signal_number(argv[2]);
        i = 3;
    } else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--")) {
        number = signal_number(argv[1] + 1);
        i = 2;
    }
    if (i < argc && !strcmp(argv[i], "--"))
        i++;
    if (number < 0 || i >= argc)
        app_usage(usage);
    for (; i < argc; i++)
        status |= !send(argv[i], number);
    return status;
}
