"""Chooses tests, runs them on all processors, prints a line per result and the sum at the end."""
import concurrent.futures
import os
import sys
import time

from faultline import building, image, packages
from faultline.common import UsageError
from harness import bench, boots, docs, hosts, kernel, sdk, style, target
from harness.result import Failed, Result

GROUPS = {'style': style.tests, 'docs': docs.tests, 'host': hosts.tests, 'kernel': kernel.tests,
          'target': target.tests, 'sdk': sdk.tests, 'boots': boots.tests, 'bench': bench.tests}
SLOWEST = 8     # are named at the end


def main(parsed):
    """The command `faultline test`: install, build, run. => exit status."""
    choose_groups(parsed.groups)
    packages.need(packages.BUILD + packages.BOOT + packages.TEST)
    with building.build_lock():
        building.scons()
        image.base()
    return run(parsed)


def choose_groups(names):
    """The groups that `names` ask for (a group, or group/test); all if none."""
    for name in names:
        if name.split('/')[0] not in GROUPS:
            raise UsageError('there is no test group %r; groups: %s' % (name, ' '.join(GROUPS)))
    wanted = {name.split('/')[0] for name in names}
    return [group for group in GROUPS if not names or group in wanted]


def chosen(names, deep):
    """The tests that `names` ask for."""
    tests = [test for group in choose_groups(names) for test in GROUPS[group](deep)]
    if names:
        tests = [test for test in tests
                 if any(test.name == name or test.name.startswith(name.rstrip('/') + '/')
                        for name in names)]
    if not tests:
        raise UsageError('there is no test %s' % ' '.join(names))
    return tests


def outcome(test):
    """Run one test, whatever it raises. => its results."""
    begin = time.monotonic()
    try:
        return results_of(test)
    finally:
        test.seconds = time.monotonic() - begin


def results_of(test):
    try:
        return test.action()
    except Failed as error:
        return [Result(test.name, False, str(error))]
    except Exception as error:
        return [Result(test.name, False, '%s: %s' % (type(error).__name__, error))]


def report(result, counts):
    counts[result.passed] += 1
    print('%s %s' % ('ok  ' if result.passed else 'FAIL', result.name), flush=True)
    if not result.passed:
        for line in result.words.strip().splitlines()[-60:]:
            print('     | ' + line, flush=True)


def run(parsed):
    """Run what is chosen on a built tree. => 0 if all passed, else 1."""
    tests = chosen(parsed.groups, parsed.deep)
    if parsed.list:
        print('\n'.join(test.name for test in tests))
        return 0
    counts, begin = {True: 0, False: 0}, time.monotonic()
    try:
        together = [test for test in tests if not test.alone]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for future in concurrent.futures.as_completed(
                    [pool.submit(outcome, test) for test in together]):
                for result in future.result():
                    report(result, counts)
        for test in tests:
            for result in outcome(test) if test.alone else []:
                report(result, counts)
    except KeyboardInterrupt:
        os._exit(130)           # workers may be in the midst of anything; QEMU dies with us
    slowest = sorted(tests, key=lambda test: -test.seconds)[:SLOWEST]
    print('%.0f s; the slowest: %s' % (time.monotonic() - begin, ', '.join(
        '%s %.0f s' % (test.name, test.seconds) for test in slowest)), file=sys.stderr)
    print('%d passed, %d failed' % (counts[True], counts[False]))
    return 1 if counts[False] else 0
