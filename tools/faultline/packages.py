"""Debian packages that each command needs: finds what is missing and installs just that.

A second run costs one dpkg-query. Nothing is ever removed or upgraded.
"""
import os
import shutil
import subprocess

from faultline.common import Failure, say

BUILD = ['scons', 'gcc', 'libc6-dev', 'gcc-riscv64-unknown-elf', 'binutils-riscv64-unknown-elf',
         'picolibc-riscv64-unknown-elf', 'libcmocka-dev']
BOOT = ['qemu-system-misc', 'e2fsprogs']
DEBUG = ['gdb-multiarch']
TEST = ['make']

INSTALL = ['apt-get', 'install', '-y', '-q', '--no-install-recommends']


def missing(names):
    """Those of `names` that dpkg does not have installed."""
    ask = subprocess.run(['dpkg-query', '-W', '-f', '${binary:Package} ${db:Status-Status}\n']
                         + names, capture_output=True, text=True, check=False)
    found = set()
    for line in ask.stdout.splitlines():
        name, status = line.rsplit(' ', 1)
        if status == 'installed':
            found.add(name.split(':')[0])
    return [name for name in names if name not in found]


def as_root(argv):
    """`argv` as a command that root executes; None if this user cannot become root."""
    if os.geteuid() == 0:
        return argv
    if shutil.which('sudo'):
        return ['sudo', '--preserve-env=DEBIAN_FRONTEND'] + argv
    return None


def need(names):
    """Install what is missing of `names`. Failure with the command to type if that cannot be."""
    if not shutil.which('dpkg-query'):
        raise Failure('this is not Debian (no dpkg-query); needed: ' + ' '.join(names))
    lacking = missing(names)
    if not lacking:
        return
    command = INSTALL + lacking
    if as_root(command) is None:
        raise Failure('packages are missing; as root run: apt-get update && ' + ' '.join(command))
    say('installing ' + ' '.join(lacking))
    env = dict(os.environ, DEBIAN_FRONTEND='noninteractive')
    for step in (['apt-get', 'update', '-q'], command):
        done = subprocess.run(as_root(step), env=env, stdout=2, stdin=subprocess.DEVNULL,
                              check=False)
        if done.returncode:
            raise Failure('this failed: ' + ' '.join(step))
