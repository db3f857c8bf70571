"""What a test is, what comes out of it, and how a program is run as one."""
import os
import signal
import subprocess
from dataclasses import dataclass
from typing import Callable


@dataclass
class Result:
    """One line of the report. words: shown if it failed."""
    name: str
    passed: bool
    words: str = ''


@dataclass
class Test:
    """name: group/test. action: returns a list of Results, or raises: then it failed."""
    name: str
    action: Callable[[], list]
    alone: bool = False         # measures time: nothing else runs beside it
    seconds: float = 0.0        # that it took


class Failed(Exception):
    """A check of a test did not hold: its words."""


def check(holds, words):
    if not holds:
        raise Failed(words)


def check_equal(got, want, what):
    check(got == want, '%s: got %r, want %r' % (what, got, want))


def single(name, function, *args, alone=False):
    """A test that is one function: it passes if the function returns."""
    def action():
        function(*args)
        return [Result(name, True)]
    return Test(name, action, alone)


def run_program(argv, seconds, env=None, stdin=None):
    """Run a host program under a time limit. => (status or None for timed out, its output)."""
    with subprocess.Popen(argv, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=env, start_new_session=True) as process:
        try:
            out, _ = process.communicate(timeout=seconds)
            return process.returncode, out.decode(errors='replace')
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, _ = process.communicate()
            return None, out.decode(errors='replace') + '\ntimed out after %d s' % seconds


def program_test(name, argv, seconds, env=None):
    """A test that is one host program: it passes with status 0."""
    def action():
        status, words = run_program(argv, seconds, env)
        if status is not None and status != 0:
            words += '\nstatus %d' % status
        return [Result(name, status == 0, words)]
    return Test(name, action)
