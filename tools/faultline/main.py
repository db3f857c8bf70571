"""The command line: which command, its help, and what each failure ends with."""
import sys

from faultline import building, execute, interactive, options, sdk
from faultline.common import EXIT_SYSTEM, EXIT_USAGE, TOP, Failure, UsageError

MACHINE = '[--mem 64M] [--swap 128M] [--policy NAME] [--smp N] [--icount] [--trace FILE]'

HELP = '''\
faultline: a microkernel that turns every page fault into a message

  ./faultline run    install what is missing, build, boot to a shell; the disk is build/root.img
  ./faultline exec [OPTIONS] -- COMMAND ARGS...
                     boot without a terminal and run one command: its stdin, stdout, stderr, status
  ./faultline test [GROUP...] [--deep] [--list]
                     build and pass all tests
  ./faultline bench [ROW...] [--json FILE]
                     instructions that each operation costs
  ./faultline sdk    write build/sdk: headers, library and bin/faultline-cc for other people's programs
  ./faultline debug  boot stopped, with gdb attached
  ./faultline clean  remove everything that was built, the disk too
  ./faultline help   this list

run, exec and debug:
  --mem 64M          memory of the machine        --swap 128M    swap disk; 0 = none
  --policy NAME      replacement policy           --smp N        harts
  --icount           virtual time by instructions --fresh        a new disk
  --trace FILE       every trap of the machine, one line each
exec:
  --add HOST:/guest  copy a file or tree in       --get /guest:HOST   and out, afterwards
  --root IMAGE       a disk to keep (made if it is not there)
  --timeout S        end after S seconds          --log FILE     the system's log
  Status: the command's; 128+n after signal n; 124 timed out; 125 the system failed.
  COMMAND is looked up in /bin; shell syntax with: exec -- sh -c 'ls | wc'
'''

USAGE = {
    'run': MACHINE + ' [--fresh]',
    'exec': MACHINE + ' [--fresh] [--add HOST:/guest] [--get /guest:HOST] [--root IMAGE] '
            '[--timeout S] [--log FILE] -- COMMAND ARGS...',
    'debug': MACHINE + ' [--fresh]',
    'test': '[GROUP...] [--deep] [--list]',
    'bench': '[ROW...] [--json FILE]',
    'sdk': '',
    'clean': '',
    'help': '',
}


def print_help(_):
    print(HELP, end='')
    return 0


def clean(_):
    building.clean()
    return 0


def test(parsed):
    sys.path.insert(0, TOP + '/tests')
    from harness import suite       # lives with the tests, needed by this command alone
    return suite.main(parsed)


def bench(parsed):
    from faultline import benchmark
    return benchmark.bench(parsed)


COMMANDS = {
    'run': (options.parse_run, interactive.run),
    'exec': (options.parse_exec, execute.execute),
    'debug': (options.parse_debug, interactive.debug),
    'test': (options.parse_test, test),
    'bench': (options.parse_bench, bench),
    'sdk': (options.parse_nothing('sdk'), sdk.sdk),
    'clean': (options.parse_nothing('clean'), clean),
    'help': (options.parse_nothing('help'), print_help),
}
ALIASES = {'-h': 'help', '--help': 'help'}


def usage(name):
    if name in USAGE:
        return 'usage: faultline %s %s' % (name, USAGE[name])
    return 'usage: faultline %s ...   (faultline help tells more)' % '|'.join(COMMANDS)


def main(argv):
    """Run the command that `argv` names. => exit status."""
    name = ALIASES.get(argv[0], argv[0]) if argv else 'help'
    try:
        if name not in COMMANDS:
            raise UsageError('there is no command %r' % name)
        parse, action = COMMANDS[name]
        return action(parse(argv[1:]))
    except UsageError as error:
        print('faultline: %s\n%s' % (error, usage(name)), file=sys.stderr)
        return EXIT_USAGE
    except (Failure, OSError) as error:
        print('faultline: %s' % error, file=sys.stderr)
        return EXIT_SYSTEM
    except KeyboardInterrupt:
        return 130
