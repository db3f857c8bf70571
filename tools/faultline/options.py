"""Options of the machine and of each command: parsed strictly, refused in one line."""
import argparse
import re

from faultline.common import UsageError, parse_size

MEM_LEAST = 16 << 20
MEM_MOST = 8 << 30


class Parser(argparse.ArgumentParser):
    """argparse that raises UsageError instead of printing pages and exiting."""

    def __init__(self, **kw):
        super().__init__(add_help=False, allow_abbrev=False, **kw)

    def error(self, message):
        raise UsageError(message)


def size(low, high):
    """Type of an option that takes a number of bytes in [low, high], in whole MiB."""
    def parse(text):
        try:
            value = parse_size(text)
        except ValueError:
            raise argparse.ArgumentTypeError('%r is no size; write 64M' % text) from None
        if not low <= value <= high or value % (1 << 20):
            raise argparse.ArgumentTypeError('%s: whole megabytes from %dM to %dM'
                                             % (text, low >> 20, high >> 20))
        return value
    return parse


def number(low, high, kind=int):
    """Type of an option that takes a number in [low, high]."""
    def parse(text):
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError('%r is no number' % text) from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError('%s: from %s to %s' % (text, low, high))
        return value
    return parse


def policy_name(text):
    if not re.fullmatch('[a-z][a-z0-9_]{0,14}', text):
        raise argparse.ArgumentTypeError('%r is no name of a policy' % text)
    return text


def transfer(guest_first):
    """Type of --add HOST:/guest and --get /guest:HOST: a pair (host, guest)."""
    def parse(text):
        left, _, right = text.partition(':/' if not guest_first else ':')
        host, guest = (right, left) if guest_first else (left, '/' + right)
        if not host or not guest.startswith('/') or guest == '/' or '"' in text:
            form = '/guest:HOST' if guest_first else 'HOST:/guest'
            raise argparse.ArgumentTypeError('%r: write %s' % (text, form))
        return host, guest.rstrip('/')
    return parse


def machine_parser(prog):
    """A parser with the options that every command which boots has."""
    parser = Parser(prog='faultline ' + prog)
    parser.add_argument('--mem', type=size(MEM_LEAST, MEM_MOST), default=64 << 20)
    parser.add_argument('--swap', type=size(0, 64 << 30), default=128 << 20)
    parser.add_argument('--policy', type=policy_name)
    parser.add_argument('--smp', type=number(1, 8), default=1)
    parser.add_argument('--icount', action='store_true')
    parser.add_argument('--trace', metavar='FILE')
    parser.add_argument('--fresh', action='store_true')
    return parser


def parse_run(argv):
    return machine_parser('run').parse_args(argv)


def parse_debug(argv):
    return machine_parser('debug').parse_args(argv)


def parse_exec(argv):
    """Options before `--`, the guest's command after it."""
    if '--' not in argv:
        raise UsageError('exec needs -- before the command: faultline exec -- ls -l')
    cut = argv.index('--')
    parser = machine_parser('exec')
    parser.add_argument('--add', type=transfer(False), action='append', default=[])
    parser.add_argument('--get', type=transfer(True), action='append', default=[])
    parser.add_argument('--root', metavar='IMAGE')
    parser.add_argument('--timeout', type=number(0.1, 1e6, float), default=None)
    parser.add_argument('--log', metavar='FILE')
    options = parser.parse_args(argv[:cut])
    options.command = argv[cut + 1:]
    if not options.command or not options.command[0]:
        raise UsageError('exec needs a command after --')
    return options


def parse_test(argv):
    parser = Parser(prog='faultline test')
    parser.add_argument('groups', nargs='*')
    parser.add_argument('--deep', action='store_true')
    parser.add_argument('--list', action='store_true')
    return parser.parse_args(argv)


def parse_bench(argv):
    parser = Parser(prog='faultline bench')
    parser.add_argument('rows', nargs='*')
    parser.add_argument('--json', metavar='FILE')
    return parser.parse_args(argv)


def parse_nothing(prog):
    def parse(argv):
        return Parser(prog='faultline ' + prog).parse_args(argv)
    return parse
