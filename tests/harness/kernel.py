"""Group kernel: the kernel's own tests on the machine: root programs build/riscv/ktest*.root that
print TAP lines and switch the machine off."""
import glob
import os

from faultline.common import RISCV
from harness import guest, tap
from harness.result import Test

SECONDS = 60


def tests(_):
    found = []
    for path in sorted(glob.glob(os.path.join(RISCV, 'ktest*.root'))):
        found.append(boot_test(os.path.basename(path)))
    return found


def boot_test(root):
    name = 'kernel/' + root.removesuffix('.root')

    def action():
        return tap.results(name, guest.boot_raw(root, seconds=SECONDS))
    return Test(name, action)
