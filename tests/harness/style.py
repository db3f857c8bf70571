"""Group style: the rules of layering and headers that a program can check."""
import ast
import glob
import os
import re
import subprocess

from faultline.common import TOP
from harness.result import check, single

SOURCE_FOLDERS = ('include', 'microkernel', 'lib', 'servers', 'libc', 'apps', 'tests')
TEMPLATE = '#include PROTO_FILE'             # such a header expands a protocol; it is none alone
SLOC_MOST = 450
RISCV = ['riscv64-unknown-elf-gcc', '--specs=picolibc.specs', '-march=rv64imafdc', '-mabi=lp64d']
HOST = ['gcc']
COMPILE = ['-std=gnu11', '-D_GNU_SOURCE', '-x', 'c', '-', '-fsyntax-only', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter',
           '-Wno-unused-function', '-I', 'include', '-I', '.', '-I', 'lib/sys/riscv']
LIBC_HEADERS = ['-I', 'libc/include']

# Folder (the longest prefix counts): what its files may include from the tree.
LAYERS = {
    'include/abi': ('abi/',),
    'include/proto': ('abi/', 'proto/'),
    'microkernel': ('abi/', 'microkernel/', 'lib/fdt/'),
    'microkernel/object': ('abi/', 'microkernel/object/', 'microkernel/kernel/',
                           'microkernel/arch/arch.h'),
    'microkernel/kernel': ('abi/', 'microkernel/object/', 'microkernel/kernel/',
                           'microkernel/arch/arch.h', 'lib/fdt/'),
    'lib': ('abi/', 'proto/', 'lib/'),
    'servers/fs/ext2': ('abi/', 'proto/', 'servers/fs/ext2/'),
    'servers/pager/policy': ('abi/', 'proto/', 'servers/pager/policy/'),
    'servers/blk': ('abi/', 'proto/', 'lib/', 'servers/blk/'),
    'servers/console': ('abi/', 'proto/', 'lib/', 'servers/console/'),
    'servers/fs': ('abi/', 'proto/', 'lib/', 'servers/fs/'),
    'servers/init': ('abi/', 'proto/', 'lib/', 'servers/init/'),
    'servers/pager': ('abi/', 'proto/', 'lib/', 'servers/pager/'),
    'servers/proc': ('abi/', 'proto/', 'lib/', 'servers/proc/'),
    'servers/swap': ('abi/', 'proto/', 'lib/', 'servers/swap/'),
}


def tests(_):
    return [single('style/headers compile alone', headers_compile_alone),
            single('style/no header includes itself in a circle', no_cycles),
            single('style/layers', layers),
            single('style/logic makes no system calls', logic_is_pure),
            single('style/a source includes its own header first', own_header_first),
            single('style/the machine is chosen by folder', no_machine_conditions),
            single('style/policies keep no static state', policies_have_no_statics),
            single('style/files stay small', files_stay_small),
            single('style/Python files say what they are', python_has_docstrings)]


def sources(*endings):
    """Paths from the top of all files of ours with these endings."""
    found = []
    for folder in SOURCE_FOLDERS:
        for ending in endings:
            found += glob.glob('%s/**/*%s' % (folder, ending), root_dir=TOP, recursive=True)
    return sorted(found)


def read(path):
    with open(os.path.join(TOP, path), encoding='utf-8') as file:
        return file.read()


def without_comments(text):
    blank = lambda found: '\n' * found.group(0).count('\n')
    return re.sub(r'/\*.*?\*/', blank, re.sub(r'//[^\n]*', '', text), flags=re.S)


def includes(path):
    """What a file includes, as written."""
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', without_comments(read(path)), re.M)


def sees_libc(path):
    """Programs, their library and their tests see our C library's headers."""
    return path.startswith(('libc/', 'apps/', 'tests/target/'))


def in_tree(path, name):
    """The tree's file that `path` means by including `name`; None for the C library's."""
    bases = [os.path.dirname(path), 'include', ''] + (['libc/include'] if sees_libc(path) else [])
    for base in bases:
        candidate = os.path.normpath(os.path.join(base, name))
        if os.path.isfile(os.path.join(TOP, candidate)):
            return candidate
    return None


def compiler(path):
    """How to compile a program that includes just this header."""
    if path.startswith('tests/host') or '/host/' in path:
        return HOST + COMPILE + ['-I', 'microkernel/arch/host']
    machine = ['-I', 'microkernel/arch/riscv'] if path.startswith('microkernel/') else []
    return RISCV + (LIBC_HEADERS if sees_libc(path) else []) + COMPILE + machine


def headers_compile_alone():
    wrong = []
    for path in sources('.h'):
        if TEMPLATE in without_comments(read(path)):
            continue
        program = '#include <%s>\n' % path.removeprefix('libc/include/')
        done = subprocess.run(compiler(path), input=program, cwd=TOP, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            wrong.append('%s: %s' % (path, done.stderr[:300]))
    check(not wrong, '\n'.join(wrong))


def no_cycles():
    def visit(path, above):
        check(path not in above, 'circle: ' + ' -> '.join(above + [path]))
        if path in done:
            return
        for name in includes(path):
            target = in_tree(path, name)
            if target and target != path:
                visit(target, above + [path])
        done.add(path)
    done = set()
    for path in sources('.h'):
        visit(path, [])


def layers():
    wrong = []
    for path in sources('.h', '.c'):
        rules = [folder for folder in LAYERS if path.startswith(folder + '/')]
        if not rules:
            continue
        allowed = LAYERS[max(rules, key=len)]
        for name in includes(path):
            target = in_tree(path, name)
            if target and not target.removeprefix('include/').startswith(allowed):
                wrong.append('%s must not include %s' % (path, target))
    check(not wrong, '\n'.join(wrong))


def logic_is_pure():
    """A server's file that host tests link makes no system call: it includes nothing of lib/sys."""
    wrong, seen = [], 0
    linked = set()
    for script in glob.glob('tests/host/**/SConscript', root_dir=TOP, recursive=True):
        linked |= set(re.findall(r'#(servers/[\w/.-]+\.c)', read(script)))
    for path in sorted(linked):
        if not os.path.exists(os.path.join(TOP, path)):
            continue
        seen += 1
        wrong += ['%s includes %s' % (path, name) for name in includes(path)
                  if name.startswith('lib/sys/')]
    check(not wrong, '\n'.join(wrong))
    check(seen, 'no logic file of a server is tested on the host')


def own_header_first():
    wrong = []
    for path in sources('.c'):
        own = path.removesuffix('.c') + '.h'
        if os.path.exists(os.path.join(TOP, own)):
            first = (includes(path) or [''])[0]
            if in_tree(path, first) != own:
                wrong.append('%s includes %s before its own header' % (path, first))
    check(not wrong, '\n'.join(wrong))


def no_machine_conditions():
    wrong = [path for path in sources('.c', '.h')
             if re.search(r'^\s*#\s*(if|elif).*__(riscv|x86_64|aarch64)',
                          without_comments(read(path)), re.M)]
    check(not wrong, ' '.join(wrong))


def policies_have_no_statics():
    """Two instances must be able to run side by side: no variable outlives a call."""
    wrong = []
    for path in sources('.c'):
        if path.startswith('servers/pager/policy/'):
            for line in without_comments(read(path)).splitlines():
                if re.match(r'\s*static\s+(?!const\b|inline\b)[^(]*(=|;)', line):
                    wrong.append('%s: %s' % (path, line.strip()))
    check(not wrong, '\n'.join(wrong))


def files_stay_small():
    wrong = []
    for path in sources('.c', '.h'):
        lines = sum(1 for line in without_comments(read(path)).splitlines() if line.strip())
        if lines > SLOC_MOST:
            wrong.append('%s has %d lines of code' % (path, lines))
    check(not wrong, '\n'.join(wrong))


def python_has_docstrings():
    wrong = []
    for path in glob.glob('tools/**/*.py', root_dir=TOP, recursive=True) + sources('.py'):
        if not ast.get_docstring(ast.parse(read(path))):
            wrong.append(path)
    check(not wrong, ' '.join(wrong))
