"""Boots machines for tests, on the built tree: framed systems, and raw kernels."""
import contextlib
import json
import os
import socket
import tempfile
from dataclasses import dataclass, field

from faultline import archive, execute, frames, image, machine, options
from faultline.common import RISCV, TOP, Failure, output
from harness.result import check, run_program


@dataclass
class Outcome:
    """What a system left: exit status (None if it failed to give one) and its streams."""
    status: int = None
    streams: dict = field(default_factory=lambda: {frames.OUT: b'', frames.ERR: b'',
                                                   frames.LOG: b''})
    failure: str = ''

    def text(self, kind):
        return self.streams[kind].decode(errors='replace').replace('\r', '')

    out = property(lambda self: self.text(frames.OUT))
    err = property(lambda self: self.text(frames.ERR))
    log = property(lambda self: self.text(frames.LOG))

    def everything(self):
        return 'status %s %s\n--- out\n%s\n--- err\n%s\n--- log\n%s' % (
            self.status, self.failure, self.out[-3000:], self.err[-3000:], self.log[-3000:])


@contextlib.contextmanager
def work():
    """A folder for one test."""
    with execute.work_folder() as folder:
        yield folder


def fresh_root(folder, add=(), block_bytes=4096):
    """A new root disk in `folder` with `add`, pairs (host, guest), on it."""
    root = os.path.join(folder, 'root.img')
    source = image.BASE if block_bytes == 4096 else image.base(block_bytes)
    image.copy(source, root)
    for host, guest in add:
        image.add(root, host, guest)
    return root


def test_programs():
    """The target tests and the tables of the tools, as something to add to a disk."""
    return [(os.path.join(RISCV, 'test'), '/test'),
            (os.path.join(TOP, 'tests', 'host', 'apps', 'tables'), '/test/tables')]


def special(name):
    """A program of tests/target/special, as something to add to a disk."""
    return os.path.join(RISCV, 'special', name), '/special/' + name


def qmp(path, command, **arguments):
    """Tell a running QEMU (-qmp unix:PATH,server=on,wait=off) to execute a command."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(os.path.relpath(path))
        with line.makefile('rw', encoding='utf-8') as talk:
            for say in ({'execute': 'qmp_capabilities'},
                        {'execute': command, 'arguments': arguments}):
                talk.write(json.dumps(say) + '\n')
                talk.flush()
                answer = {}
                while not answer.keys() & {'return', 'error'}:
                    answer = json.loads(talk.readline())
                check('return' in answer, str(answer))


def run(command, flags=(), root=None, stdin=b'', seconds=60, **kw):
    """Run one argv in a system of its own with `stdin`. => Outcome. More: see converse()."""
    with work() as folder, tempfile.TemporaryFile() as source:
        source.write(stdin)
        source.seek(0)
        return converse(folder, command, flags, root or fresh_root(folder), source.fileno(), seconds,
                        **kw)


def converse(folder, command, flags, root, source, seconds, disks=None, extra=(), watch=None,
             servers=None):
    """flags: of `faultline exec`. source: descriptor of stdin. disks: {index: source} in place of
    those of flags and root. extra: options for QEMU. watch: called with all output so far when more came.
    servers: {name: bytes or None} to boot in place of the system's own."""
    parsed = options.parse_exec([*flags, '--timeout', str(seconds), '--', *command])
    result = Outcome()
    sinks = {kind: _gather(result.streams, kind, watch if kind == frames.OUT else None)
             for kind in result.streams}
    every = execute.disks_of(parsed, folder, root) if disks is None else disks
    boot = execute.system_boot(parsed, folder, 'exec', parsed.command, changed=servers)
    try:
        result.status = execute.boot_and_converse(parsed, boot, every, sinks, source, extra)
    except Failure as error:
        result.failure = str(error)
    return result


def _gather(streams, kind, watch):
    def sink(data):
        streams[kind] += data
        if watch:
            watch(streams[kind])
    return sink


def boot_raw(name, flags=(), seconds=60):
    """Boot build/riscv/NAME, a root program of its own, and return all that it printed."""
    parsed = options.parse_run(list(flags))
    with work() as folder:
        path = machine.write_file(os.path.join(folder, 'boot.img'), archive.root_image(name))
        boot = machine.Boot(output('riscv', 'kernel.elf'), path)
        argv = machine.command_line(parsed, boot, {}, machine.CHARDEV)
        status, words = run_program(argv, seconds)
    check(status is not None, words[-3000:])
    return words


def clean_disk(root):
    """The disk's file system is free of errors, and was unmounted in order."""
    status, words = run_program(['/usr/sbin/e2fsck', '-fn', root], 60)
    check(status == 0, 'e2fsck -fn: ' + words)
    state = image.debugfs(root, ['show_super_stats -h'])
    check('Filesystem state:         clean' in state, 'the disk was not unmounted: ' + state[:2000])
