"""`exec`: one command in a system of its own, its streams and status as if it ran here."""
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from faultline import archive, building, frames, image, machine, packages, session
from faultline.common import EXIT_SIGNAL, EXIT_TIMEOUT, RUN, Failure, output, say


def prepare(options, folder):
    """Install, build, make the base image; a root disk in `folder` or at options.root.
    => path of the root disk. The build lock is held only here."""
    packages.need(packages.BUILD + packages.BOOT)
    with building.build_lock():
        building.scons()
        base = image.base()
    if options.root:
        if not os.path.exists(options.root) or options.fresh:
            image.copy(base, options.root)
        return options.root
    root = os.path.join(folder, 'root.img')
    image.copy(base, root)
    return root


@contextlib.contextmanager
def work_folder():
    """A folder for the files of one run, gone after it."""
    os.makedirs(RUN, exist_ok=True)
    folder = tempfile.mkdtemp(prefix='exec-', dir=RUN)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def disks_of(options, folder, root):
    """{index: path} of root and swap disk."""
    disks = {0: root} if root else {}
    if options.swap:
        disks[1] = os.path.join(folder, 'swap.img')
        image.swap(disks[1], options.swap)
    return disks


def system_boot(options, folder, mode, argv, **more):
    """The whole system as something to boot. more: as archive.system_image() has it."""
    path = os.path.join(folder, 'boot.img')
    machine.write_file(path, archive.system_image(options, mode, argv, **more))
    return machine.Boot(output('riscv', 'kernel.elf'), path)


def stream_sink(stream):
    def sink(data):
        stream.write(data)
        stream.flush()
    return sink


def boot_and_converse(options, boot, disks, sinks, source, extra=()):
    """Boot a machine with a framed console and serve it to its end. => exit status.
    extra: more options for QEMU."""
    argv = machine.command_line(options, boot, disks, machine.CHARDEV) + list(extra)
    with tempfile.TemporaryFile() as complaints:
        process = machine.start(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=complaints, bufsize=0)
        line = session.Session(process, sinks, source, options.timeout)
        try:
            status = session.converse(line)
        except Failure:
            machine.stop(process)
            complaints.seek(0)
            for text in line.log_tail() + complaints.read().decode(errors='replace').splitlines():
                print('  | ' + text, file=sys.stderr)
            raise
        finally:
            machine.stop(process)
    if status == EXIT_TIMEOUT and line.status is None:
        say('timed out after %g seconds' % options.timeout)
    return status


def standard_input():
    """Descriptor of our stdin, or None if it is closed."""
    try:
        os.fstat(0)
        return 0
    except OSError:
        return None


def raise_interrupt(number, _):
    raise Interrupted(number)


class Interrupted(Exception):
    """A signal asks us to end: its number."""


def open_log(path):
    return open(path, 'wb') if path else open(os.devnull, 'wb')


def run_on(options, folder, root):
    """Put files in, boot, take files out. => exit status."""
    for host, guest in options.add:
        image.add(root, host, guest)
    boot = system_boot(options, folder, 'exec', options.command)
    with open_log(options.log) as log:
        sinks = {frames.OUT: stream_sink(sys.stdout.buffer),
                 frames.ERR: stream_sink(sys.stderr.buffer), frames.LOG: stream_sink(log)}
        disks = disks_of(options, folder, root)
        status = boot_and_converse(options, boot, disks, sinks, standard_input())
    for host, guest in options.get:
        image.get(root, guest, host)
    return status


def execute(options):
    """The command `exec`. => exit status."""
    signal.signal(signal.SIGTERM, raise_interrupt)
    signal.signal(signal.SIGINT, raise_interrupt)
    try:
        with work_folder() as folder:
            root = prepare(options, folder)
            with image.held(root):
                if options.root:
                    image.kept(root)
                return run_on(options, folder, root)
    except Interrupted as signalled:
        return EXIT_SIGNAL + signalled.args[0]
