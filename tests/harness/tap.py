"""Reads TAP lines (`ok 1 - name`, `not ok 2 - name`, `1..N`, `# comment`) as results."""
import re

from harness.result import Result

LINE = re.compile(r'(not )?ok (\d+)(?: - (.*))?$')
PLAN = re.compile(r'1\.\.(\d+)$')


def results(prefix, text):
    """Results of one TAP program's output. Comments before a line that failed are its words.

    No plan, or another number of tests than planned, is a failure of its own: the program ended
    early."""
    out, planned, comments = [], None, []
    for line in text.replace('\r', '').splitlines():
        found, plan = LINE.match(line), PLAN.match(line)
        if plan:
            planned = int(plan.group(1))
        elif found:
            name = '%s: %s' % (prefix, found.group(3) or found.group(2))
            out.append(Result(name, not found.group(1), '\n'.join(comments)))
            comments = []
        elif line.strip():
            comments.append(line.removeprefix('# '))
    if planned is None or planned != len(out):
        out.append(Result('%s: ran to its end' % prefix, False, '\n'.join(comments + [
            'planned %s, ran %d' % (planned, len(out))])))
    return out
