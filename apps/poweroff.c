/* poweroff: end all processes, write everything to the disks and switch the machine off. */
#include <faultline.h>
#include <unistd.h>

#include "apps/common/app.h"

int main(int argc, char **argv)
{
    app_start(argv);
    if (fl_shutdown(0)) {
        app_warn("poweroff");
        return 1;
    }
    for (;;)
        pause();
}
