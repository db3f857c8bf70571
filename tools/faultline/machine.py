"""The virtual machine: QEMU's command line, and one QEMU process that never outlives us."""
import ctypes
import signal
import subprocess

from faultline.common import Failure

QEMU = 'qemu-system-riscv64'
PR_SET_PDEATHSIG = 1
DISKS = 2                       # SERVER_DISKS of lib/server/boot.h: 0 root, 1 swap
CHARDEV = ['-display', 'none', '-monitor', 'none', '-chardev', 'stdio,id=line,signal=off',
           '-serial', 'chardev:line']
TERMINAL = ['-nographic', '-echr', '0x1d']     # Ctrl-] X cuts the power


def disk(index, source):
    """Options for disk `index`; `source` is a path or a whole QEMU drive specification."""
    spec = source if '=' in source.split(',')[0] else 'file=%s' % source.replace(',', ',,')
    return ['-drive', '%s,if=none,format=raw,id=d%d' % (spec, index),
            '-device', 'virtio-blk-device,drive=d%d,bus=virtio-mmio-bus.%d,werror=report,'
            'rerror=report' % (index, index)]


def command_line(options, boot, disks, line):
    """QEMU's argv. boot: boot image; disks: {index: source}; line: CHARDEV or TERMINAL."""
    argv = [QEMU, '-M', 'virt', '-bios', 'default', '-m', '%dM' % (options.mem >> 20),
            '-smp', str(options.smp), '-no-reboot', '-rtc', 'clock=vm', '-net', 'none',
            '-global', 'virtio-mmio.force-legacy=false',
            '-kernel', boot.kernel, '-initrd', boot.image, *line]
    for index in sorted(disks):
        argv += disk(index, disks[index])
    if options.icount:
        argv += ['-icount', 'shift=0']
    if options.trace:
        argv += ['-d', 'int', '-D', options.trace]
    return argv


class Boot:
    """What is booted: a kernel and an image made by archive.py."""

    def __init__(self, kernel, image):
        self.kernel = kernel
        self.image = image


def _die_with_parent():
    """In the child: whatever kills us kills QEMU too."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(argv, own_session=True, **kw):
    """Start QEMU. own_session: out of our terminal's reach, so that ^C comes to us alone."""
    try:
        return subprocess.Popen(argv, start_new_session=own_session, preexec_fn=_die_with_parent,
                                **kw)
    except FileNotFoundError:
        raise Failure('there is no ' + argv[0]) from None


def stop(process):
    """End QEMU at once and collect it."""
    if process.poll() is None:
        process.kill()
    process.wait()


def write_file(path, data):
    with open(path, 'wb') as file:
        file.write(data)
    return path


