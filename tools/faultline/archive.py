"""The boot image: init's flat program, padded to a page, then a cpio archive ("newc") with servers,
loader and configuration. Formats: include/abi/bootinfo.h (struct root_header), lib/cpio.
"""
import os
import struct
import subprocess

from faultline.common import RISCV, RUN, Failure, output

PAGE = 4096
HEADER = 110                    # of a cpio record
PADDING = '.padding'
ROOT_MAGIC = 0x544f4f52454e4946
SERVERS = ('console', 'blk', 'swap', 'fs', 'pager', 'proc')


def cpio_entry(inode, name, data, mode=0o100755):
    """One file as a cpio newc record: 110 bytes of ASCII header, name, data, each padded to 4."""
    encoded = name.encode() + b'\0'
    fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
    head = b'070701' + b''.join(b'%08X' % field for field in fields) + encoded
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def padding(at, name):
    """A record that makes the data of the next one, `name`, begin on a page; b'' if it does at `at`."""
    def head(name):
        return (HEADER + len(name.encode()) + 1 + 3) & ~3
    if (at + head(name)) % PAGE == 0:
        return b''
    return cpio_entry(0, PADDING, bytes(-(at + head(PADDING) + head(name)) % PAGE), 0)


def cpio_archive(files):
    """The archive of `files`, a list of (name, bytes). Contents of a page or more begin on a page,
    so that init can map them as they are."""
    archive = b''
    for i, (name, data) in enumerate(files):
        if len(data) >= PAGE:
            archive += padding(len(archive), name)
        archive += cpio_entry(i + 1, name, data)
    return archive + cpio_entry(0, 'TRAILER!!!', b'', 0)


def padded_root(flat):
    """A flat root program padded to a page. Failure if its header does not fit it."""
    if len(flat) < 48:
        raise Failure('the root program has no header')
    magic, _, _, _, _, size = struct.unpack_from('<6Q', flat)
    if magic != ROOT_MAGIC:
        raise Failure('the root program has no header')
    padded = -(-size // PAGE) * PAGE
    if len(flat) > padded:
        raise Failure('the root program is longer than its header says')
    return flat + bytes(padded - len(flat))


def stripped(path):
    """The bytes of an ELF file without debugging information; kept until the file changes."""
    kept = os.path.join(RUN, 'stripped', os.path.relpath(path, RISCV).replace('/', '-'))
    if not os.path.exists(kept) or os.path.getmtime(kept) < os.path.getmtime(path):
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        temporary = '%s.%d' % (kept, os.getpid())
        subprocess.run(['riscv64-unknown-elf-strip', '-o', temporary, path], check=True)
        os.replace(temporary, kept)
    with open(kept, 'rb') as file:
        return file.read()


def read_output(*parts):
    with open(output(*parts), 'rb') as file:
        return file.read()


def configuration(options, mode, size=''):
    """The archive's `conf`: lines key=value that init reads. size: the terminal's, ROWSxCOLS."""
    values = {'mode': mode, 'policy': options.policy, 'size': size}
    return ''.join('%s=%s\n' % pair for pair in values.items() if pair[1]).encode()


def system_image(options, mode, argv, changed=None, size=''):
    """The boot image of the whole system; `argv` is the first process's. changed: {server: bytes to
    put in its place, None to leave it out}, for tests. size: as configuration() has it."""
    servers = {name: stripped(output('riscv', name + '.elf')) for name in SERVERS}
    servers.update(changed or {})
    files = [(name, data) for name, data in servers.items() if data is not None]
    files.append(('loader', read_output('riscv', 'loader.bin')))
    files.append(('conf', configuration(options, mode, size)))
    files.append(('argv', b''.join(os.fsencode(word) + b'\0' for word in argv)))
    return padded_root(read_output('riscv', 'init.root')) + cpio_archive(files)


def root_image(name):
    """The boot image of a root program alone (kernel tests): build/riscv/NAME, empty archive."""
    return padded_root(read_output('riscv', name)) + cpio_archive([])
