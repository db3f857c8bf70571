"""Group host: the CMocka programs that SCons built, and the Python tests of the tools."""
import glob
import os
import sys

from faultline.common import BUILD, TOP
from harness.result import program_test

SECONDS = 120


def tests(deep):
    env = dict(os.environ, DEEP='1') if deep else dict(os.environ)
    found = []
    for path in sorted(glob.glob(os.path.join(BUILD, 'host', 'tests', 'test_*'))):
        if os.access(path, os.X_OK) and os.path.isfile(path):
            found.append(program_test('host/' + os.path.basename(path), [path],
                                      SECONDS * (20 if deep else 1), env))
    env['PYTHONPATH'] = os.path.join(TOP, 'tools') + ':' + os.path.join(TOP, 'tests')
    for path in sorted(glob.glob(os.path.join(TOP, 'tests', 'host', '*', 'test_*.py'))):
        name = os.path.basename(path).removesuffix('.py')
        found.append(program_test('host/%s.py' % name, [sys.executable, '-B', path], SECONDS, env))
    return found
