"""Group sdk: faultline-cc is a C compiler like any other, from a copy of build/sdk; the worked example
of docs/porting.md builds and runs as the document says.
"""
import contextlib
import os
import re
import shutil
import subprocess

from faultline import building, execute, sdk
from faultline.common import TOP
from harness import guest
from harness.result import check, check_equal, run_program, single

BLOCK = re.compile(r'```sh\n(.*?)```\n.*?```\n(.*?)```', re.S)

# What ISO C and POSIX (base, and the options that we have) call a header.
HEADERS = '''assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
    stdbool stddef stdint stdio stdlib stdnoreturn string tgmath time wchar wctype
    cpio dirent fcntl fnmatch getopt glob grp langinfo libgen poll pthread pwd regex sched search semaphore
    spawn strings sys/ioctl sys/mman sys/resource sys/select sys/stat sys/statvfs sys/time sys/times sys/types
    sys/uio sys/utsname sys/wait tar termios unistd utime wordexp
    alloca dlfcn err error malloc nl_types paths syslog uchar ucontext arpa/inet netdb netinet/in sys/socket sys/un sys/file sys/param sys/sysmacros'''.split()

FILES = {
    'main.c': '#include "twice.h"\n#include <stdio.h>\nint main(void) { printf("%d\\n", twice(WORD)); return 0; }\n',
    'twice.c': '#include "twice.h"\n#include <math.h>\nint twice(int n) { return (int)pow(n, 2) + (int)sqrt(n); }\n',
    'inc/twice.h': 'int twice(int n);\n',
}


def tests(_):
    return [single('sdk/the worked example of porting.md', worked_example),
            single('sdk/a copy compiles and links as cc does', a_copy_works),
            single('sdk/every header compiles alone in every dialect', headers),
            single('sdk/names outside POSIX are the programs', free_names),
            single('sdk/configure scripts learn what there is', probes),
            single('sdk/what cannot be is refused in words', refusals)]


@contextlib.contextmanager
def copied():
    """A copy of the SDK in a folder of its own. => (folder, path of its compiler)."""
    with execute.work_folder() as folder:
        made = sdk.make()
        with building.build_lock():
            shutil.copytree(made, os.path.join(folder, 'moved here'))
        for name, text in FILES.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='ascii') as out:
                out.write(text)
        yield folder, os.path.join(folder, 'moved here', 'bin', 'faultline-cc')


def compile_with(cc, folder, *args, text=None):
    """=> (status, what the compiler said)."""
    done = subprocess.run([cc, *args], cwd=folder, input=text, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, check=False)
    return done.returncode, done.stdout


def must_compile(cc, folder, *args, text=None):
    status, words = compile_with(cc, folder, *args, text=text)
    check(status == 0, '%s\n%s' % (' '.join(args), words))
    return words


def worked_example():
    """The first shell block of the document, run as it stands, ends with the output shown below it."""
    with open(os.path.join(TOP, 'docs', 'porting.md'), encoding='utf-8') as document:
        commands, shown = BLOCK.search(document.read()).groups()
    done = subprocess.run(['sh', '-ec', commands], cwd=TOP, stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, timeout=120, check=False)
    check(done.returncode == 0, done.stdout + done.stderr)
    check(done.stdout.endswith(shown), 'it printed\n%s\nand not\n%s' % (done.stdout, shown))


def a_copy_works():
    """Several sources at once, separate steps, -E -c -o -D -I -l -L -g -Wl, a response file, a partial link."""
    with copied() as (folder, cc):
        must_compile(cc, folder, '-g', '-O2', '-std=c99', '-Wall', '-Werror', '-Iinc', '-DWORD=9', '-o', 'one',
                     'main.c', 'twice.c', '-lm', '-lpthread', '-pthread', '-Wl,-Map,one.map')
        must_compile(cc, folder, '-c', '-Iinc', '-D', 'WORD=16', 'main.c')
        must_compile(cc, folder, '-c', '-Iinc', '-Os', '-o', 'second.o', 'twice.c')
        must_compile(cc, folder, '-r', '-o', 'both.o', 'main.o', 'second.o')
        with open(os.path.join(folder, 'args'), 'w', encoding='ascii') as args:
            args.write('-o two both.o -lm -rdynamic\n')
        must_compile(cc, folder, '@args')
        check('__faultline__' in must_compile(cc, folder, '-dM', '-E', '-', text=''), '-dM -E')
        sections = run_program(['riscv64-unknown-elf-objdump', '-h', folder + '/one'], 20)[1]
        check('.debug_info' in sections and '.interp' not in sections, sections)
        check(os.path.getsize(folder + '/one.map') > 0, 'no map')
        root = guest.fresh_root(folder, [(folder + '/one', '/bin/one'), (folder + '/two', '/bin/two')])
        got = guest.run(['sh', '-c', 'one; two'], root=root)
        check_equal(got.out, '84\n260\n', 'what they print')


def headers():
    dialects = (['-std=c99', '-pedantic'], ['-std=c11', '-D_XOPEN_SOURCE=700'], ['-std=gnu11', '-D_GNU_SOURCE'])
    with copied() as (folder, cc):
        wrong = []
        for name in HEADERS:
            text = '#include <%s.h>\n#include <%s.h>\nint nothing;\n' % (name, name)
            for flags in dialects:
                status, words = compile_with(cc, folder, *flags, '-Wall', '-Wextra', '-Werror',
                                             '-fsyntax-only', '-x', 'c', '-', text=text)
                if status:
                    wrong.append('%s %s: %s' % (name, ' '.join(flags), words[:400]))
        check(not wrong, '\n'.join(wrong))


def free_names():
    """Names of picolibc's own: a program gives them a meaning and a type of its own, and is not told of ours."""
    include = ''.join('#include <%s.h>\n' % name for name in ('math', 'stdlib', 'string'))
    own = ''.join('static struct thing { int n; } %s(struct thing t) { t.n++; return t; }\n' % name
                  if name == 'atoff' else 'struct thing %s(struct thing t) { return atoff(t); }\n' % name
                  for name in sdk.FOREIGN)
    use = 'int main(void) { struct thing t = {(int)strlen("ab") - 2}; return %s(t).n - 1; }\n'
    with copied() as (folder, cc):
        for name in sdk.FOREIGN:
            must_compile(cc, folder, '-D_GNU_SOURCE', '-o', 'own', '-x', 'c', '-', text=include + own + use % name)
        status, words = compile_with(cc, folder, '-Werror', '-c', '-x', 'c', '-',
                                     text=include + 'void *used = (void *)strlwr;\n')
        check(status and 'strlwr' in words, words)


def probes():
    """What autoconf asks: is there a function of this name, a header, a member; does a program link."""
    call = 'char %s(); int main(void) { return %s(); }\n'
    there = 'fork mmap sigaction getline waitpid posix_memalign strtold select nanosleep'.split()
    with copied() as (folder, cc):
        for name in there:
            must_compile(cc, folder, '-w', '-o', 'conftest', '-x', 'c', '-', text=call % (name, name))
        for name in ('kqueue', 'epoll_create', 'no_such_function'):
            check(compile_with(cc, folder, '-w', '-o', 'conftest', '-x', 'c', '-', text=call % (name, name))[0],
                  name + ' is said to be there')
        member = '#include <sys/stat.h>\nint main(void) { struct stat s; return (int)sizeof s.%s; }\n'
        must_compile(cc, folder, '-o', 'conftest', '-x', 'c', '-', text=member % 'st_blocks')
        check(compile_with(cc, folder, '-c', '-x', 'c', '-', text=member % 'st_flags')[0], 'st_flags')
        check(compile_with(cc, folder, '-c', '-x', 'c', '-', text='#include <windows.h>\n')[0], 'windows.h')


def refusals():
    with copied() as (folder, cc):
        status, words = compile_with(cc, folder, '-shared', '-o', 'x.so', 'twice.c', '-Iinc')
        check(status and 'static' in words, words)
        env = dict(os.environ, PATH='/nowhere')
        done = subprocess.run(['/bin/sh', cc], env=env, capture_output=True, text=True, check=False)
        check(done.returncode in (1, 127), 'status %d' % done.returncode)
