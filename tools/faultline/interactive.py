"""`run` and `debug`: the system with a person in front of it, on the root image that is kept."""
import contextlib
import os
import signal
import subprocess
import sys
import termios

from faultline import building, execute, image, machine, packages
from faultline.common import BUILD, EXIT_SYSTEM, TOP, output, say

ROOT = os.path.join(BUILD, 'root.img')
SHELL = ['/bin/sh', '-l']


@contextlib.contextmanager
def terminal_kept():
    """Whatever QEMU does to the terminal is undone, and ^C is the guest's, not ours."""
    saved = termios.tcgetattr(0) if os.isatty(0) else None
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        if saved:
            termios.tcsetattr(0, termios.TCSADRAIN, saved)
        signal.signal(signal.SIGINT, signal.default_int_handler)


def terminal_size(fd=0):
    """ROWSxCOLS of our terminal, to be the guest's; '' if we have none or it doesn't know."""
    try:
        cols, rows = os.get_terminal_size(fd)
    except OSError:
        return ''
    return '%dx%d' % (rows, cols) if 0 < rows < 10000 and 0 < cols < 10000 else ''


def prepare(options, extra=()):
    packages.need(packages.BUILD + packages.BOOT + list(extra))
    with building.build_lock():
        building.scons()
        if options.fresh or not os.path.exists(ROOT):
            image.copy(image.base(), ROOT)


@contextlib.contextmanager
def kept_root():
    """The root image, ours alone, mended and with the programs of today."""
    with image.held(ROOT):
        image.kept(ROOT)
        yield ROOT


def run(options):
    """The command `run`. => exit status."""
    prepare(options)
    with execute.work_folder() as folder, kept_root() as root:
        boot = execute.system_boot(options, folder, 'run', SHELL, size=terminal_size())
        argv = machine.command_line(options, boot, execute.disks_of(options, folder, root),
                                    machine.TERMINAL)
        say('leave with exit or poweroff; Ctrl-] X cuts the power')
        with terminal_kept():
            process = machine.start(argv, own_session=False)
            try:
                status = process.wait()
            finally:
                machine.stop(process)
    return EXIT_SYSTEM if status else 0


def debug(options):
    """The command `debug`: QEMU stopped at its first instruction, gdb attached. => gdb's status."""
    prepare(options, packages.DEBUG)
    with execute.work_folder() as folder, kept_root() as root:
        boot = execute.system_boot(options, folder, 'run', SHELL)
        socket = os.path.join(folder, 'gdb')
        argv = machine.command_line(options, boot, execute.disks_of(options, folder, root),
                                    ['-display', 'none', '-monitor', 'none', '-serial', 'pty'])
        argv += ['-S', '-gdb', 'unix:%s,server=on,wait=off' % os.path.relpath(socket)]
        process = machine.start(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0)
        try:
            say('the console is ' + process.stdout.readline().decode().split()[4])
            say('type continue, then ^C and: threads, cspace, vspace, endpoints, program NAME')
            gdb = ['gdb-multiarch', '-q', boot.kernel, '-ex', 'set pagination off',
                   '-ex', 'target remote ' + os.path.relpath(socket)]
            script = os.path.join(TOP, 'tools', 'gdb.py')
            if os.path.exists(script):
                gdb += ['-x', script]
            with terminal_kept():
                return subprocess.run(gdb, check=False).returncode
        finally:
            machine.stop(process)
