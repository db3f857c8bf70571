"""What all modules share: where things are, the failures that end the command, its messages.

Every path is derived from this file's place, so that any clone works from any directory.
"""
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, 'build')
RISCV = os.path.join(BUILD, 'riscv')
RUN = os.path.join(BUILD, 'run')

EXIT_USAGE = 2
EXIT_TIMEOUT = 124
EXIT_SYSTEM = 125
EXIT_SIGNAL = 128


class Failure(Exception):
    """Something outside of the guest's command went wrong; the command ends with EXIT_SYSTEM."""


class UsageError(Exception):
    """The command line makes no sense; the command ends with EXIT_USAGE."""


def say(message):
    """One line of progress or advice. On stderr, for stdout belongs to the guest."""
    print('faultline: ' + message, file=sys.stderr, flush=True)


def top_path(*parts):
    return os.path.join(TOP, *parts)


def output(*parts):
    """Path of something that the build made; Failure if it is not there."""
    path = os.path.join(BUILD, *parts)
    if not os.path.exists(path):
        raise Failure('the build did not make ' + os.path.relpath(path, TOP))
    return path


def parse_size(text):
    """Bytes of `64M`, `1G`, `512K`, `0`. ValueError if it is none."""
    units = {'K': 10, 'M': 20, 'G': 30}
    text = text.upper().removesuffix('IB').removesuffix('B')
    if text[-1:] in units:
        return int(text[:-1], 10) << units[text[-1]]
    return int(text, 10)
