"""Group target: one boot runs all programs of build/riscv/test through the guest's runner; what they
print between the runner's marks are TAP lines."""
import glob
import os
import re

from faultline.common import RISCV
from harness import guest, tap
from harness.result import Failed, Result, Test

SECONDS = 400
BEGIN = re.compile(r'^@@ begin (\S+)$', re.M)
END = re.compile(r'^@@ end (\S+) (-?\d+)$', re.M)


def programs():
    names = [os.path.basename(path) for path in glob.glob(os.path.join(RISCV, 'test', '*'))]
    return sorted(name for name in names if '.' not in name)


def tests(_):
    """One test, many results; its name stands for the boot."""
    return [Test('target/all', run_all)] if programs() else []


def sections(text):
    """{program: (its output, wait status or None if it has no end)}."""
    found = {}
    for mark in BEGIN.finditer(text):
        name, rest = mark.group(1), text[mark.end():]
        end = END.search(rest)
        if end and end.group(1) == name:
            found[name] = (rest[:end.start()], int(end.group(2)))
        else:
            found[name] = (rest, None)
    return found


def ending(name, status):
    """The result that says how a program ended; TAP already tells of exit status 1."""
    words = {None: 'the system ended in it', -1: 'timed out'}.get(status, 'status %s' % status)
    return [] if status in (0, 1 << 8) else [Result(name + ': ended', False, words)]


def run_programs(paths, prefix, root, flags=()):
    """Boot `root` and run the programs at `paths` under the runner. => their results."""
    system = guest.run(['/special/runner', *paths], flags, root, seconds=SECONDS)
    found, out = sections(system.out), []
    for path in paths:
        name = prefix + os.path.basename(path)
        text, status = found.get(path, ('', None))
        out += tap.results(name, text) + ending(name, status)
    if system.status != 0:
        out.append(Result(prefix + 'the system ran to its end', False, system.everything()))
    return out


def run_all():
    """All programs in one system, whose disk must be sound afterwards."""
    with guest.work() as folder:
        root = guest.fresh_root(folder, guest.test_programs() + [guest.special('runner')])
        out = run_programs(['/test/' + name for name in programs()], 'target/', root)
        try:
            guest.clean_disk(root)
            return out + [Result('target/the disk is clean afterwards', True)]
        except Failed as error:
            return out + [Result('target/the disk is clean afterwards', False, str(error))]
