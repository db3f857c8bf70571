"""`sdk`: a folder with all that building a program for Faultline takes but the compiler itself.

build/sdk/bin/faultline-cc   the compiler driver
build/sdk/include            our headers; picolibc/ beside them has those of ISO C
build/sdk/lib                libc.a, crt0.o, program.ld, faultline.specs, and empty archives for
                             the -l that programs use out of habit
"""
import os
import re
import shutil
import subprocess

from faultline import building, packages
from faultline.common import BUILD, Failure, output, say, top_path

PICOLIBC = '/usr/lib/picolibc/riscv64-unknown-elf/include'
# Whatever these libraries have on other systems is in libc.a.
IN_LIBC = ('m', 'pthread', 'rt', 'dl', 'util', 'g', 'atomic')
HEADERS = {'libc/include': '', 'include/abi': 'abi', 'include/proto': 'proto'}
# Functions that picolibc declares beside those of ISO C and of other systems: their names are the program's.
FOREIGN = 'atoff ecvtbuf ecvtf ecvtfbuf fcvtbuf fcvtf fcvtfbuf gcvtf infinity itoa strlwr strupr utoa'.split()
FOREIGN_LINE = re.compile(r'^\w[\w \t*]*\b(?:%s)[ \t]*\([^;\n]*;.*\n' % '|'.join(FOREIGN), re.M)


def drop_foreign(folder):
    """Take the declarations of FOREIGN out of the headers in `folder`."""
    for name in ('math.h', 'stdlib.h', 'string.h'):
        path = os.path.join(folder, name)
        with open(path, encoding='utf-8') as header:
            text = header.read()
        with open(path, 'w', encoding='utf-8') as header:
            header.write(FOREIGN_LINE.sub('', text))


def copy_headers(include):
    shutil.copytree(PICOLIBC, os.path.join(include, 'picolibc'),
                    ignore=lambda folder, names: [n for n in names if n == 'release'])
    drop_foreign(os.path.join(include, 'picolibc'))
    for source, target in HEADERS.items():
        shutil.copytree(top_path(source), os.path.join(include, target), dirs_exist_ok=True)


def copy_libraries(lib):
    os.makedirs(lib)
    for name in ('libc.a', 'crt0.o', 'program.ld'):
        shutil.copy(output('riscv', 'libc', name), lib)
    shutil.copy(top_path('sdk', 'faultline.specs'), lib)
    for name in IN_LIBC:
        subprocess.run(['riscv64-unknown-elf-ar', 'qcs', os.path.join(lib, 'lib%s.a' % name)], check=True)


def write(folder):
    """Write the SDK into the new folder `folder`."""
    copy_headers(os.path.join(folder, 'include'))
    copy_libraries(os.path.join(folder, 'lib'))
    os.makedirs(os.path.join(folder, 'bin'))
    shutil.copy(top_path('sdk', 'faultline-cc'), os.path.join(folder, 'bin'))


def make():
    """Build the library and put a new SDK in the place of the old one. => its path."""
    target, fresh = os.path.join(BUILD, 'sdk'), os.path.join(BUILD, 'sdk.new')
    with building.build_lock():
        building.scons('build/riscv/libc')
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            write(fresh)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Failure('the SDK could not be written: %s' % error) from None
        shutil.rmtree(target, ignore_errors=True)
        os.rename(fresh, target)
    return target


def sdk(_):
    """The command `sdk`. => exit status."""
    packages.need(packages.BUILD)
    say('the compiler is %s/bin/faultline-cc (see docs/porting.md)' % os.path.relpath(make()))
    return 0
