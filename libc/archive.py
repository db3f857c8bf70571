"""Makes libc.a of programs out of our objects and picolibc's, so that names behave as ISO C says:

- a function that ours and picolibc both have is ours, whoever asks for it;
- a program may define any name that ISO C does not reserve (`error`, `getline`, even `read`): its
  function is then its own, and the library goes on calling the library's.

For that, each function of POSIX is known within the archive as __fl_NAME, with NAME as a weak alias
for programs; names that no public header declares are renamed without alias.
"""
import os
import re
import shutil
import subprocess
import tempfile

PREFIX = 'riscv64-unknown-elf-'
# Functions of ours that ISO C reserves, and the allocator: weak under their own names, as a program may
# replace the allocator, or bring just a `reallocarray` along.
PLAIN = set('''abort aligned_alloc at_quick_exit atexit calloc ceil clock exit fflush floor fopen fprintf fputc fputs fread free
    freopen fscanf fwrite getenv localeconv malloc malloc_usable_size memalign on_exit posix_memalign printf pvalloc
    quick_exit raise realloc reallocarray reallocf remove setbuf setvbuf signal snprintf sprintf sscanf strtod strtof
    strtold system trunc truncf valloc vfprintf vfscanf vprintf vsnprintf vsprintf vsscanf'''.split())

# Functions of picolibc that ours of the same name calls, as __pico_NAME.
WRAPPED = {'iconv_open'}


def tool(name, *args):
    return subprocess.run([PREFIX + name, *args], text=True, stdout=subprocess.PIPE, check=True).stdout


def symbols(path):
    """Global definitions of an object or archive: [(member, name, section, offset, is_function)]."""
    found, member = [], ''
    for line in tool('objdump', '-t', path).splitlines():
        head = re.match(r'(?:.*/)?([^/]+):\s+file format', line)
        if head:
            member = head[1]
        row = re.match(r'([0-9a-f]{16}) [g ]([w ])....([FO ]) (\S+)\t[0-9a-f]{16} (?:\.hidden )?(\S+)$', line)
        if row and line[17:19] in ('g ', ' w') and row[4] != '*UND*':
            found.append((member, row[5], row[4], int(row[1], 16), row[3] == 'F'))
    return found


def mentioned(folders):
    """Every name in the headers of `folders`."""
    names = set()
    for folder, _, files in (step for top in folders for step in os.walk(top)):
        for name in files:
            with open(os.path.join(folder, name), encoding='utf-8') as header:
                names.update(re.findall(r'[A-Za-z_]\w*', header.read()))
    return names


def plan(ours, public):
    """What becomes of our symbols. => ({name: new name}, [names that keep a weak alias])."""
    rename, alias = {}, set()
    for _, name, _, _, function in ours:
        if name.startswith('_') or name in PLAIN or (name in public and not function):
            continue
        rename[name] = '__fl_' + name
        if name in public:
            alias.add(name)
    return rename, alias


def write_renames(path, rename):
    with open(path, 'w', encoding='ascii') as out:
        out.writelines('%s %s\n' % pair for pair in sorted(rename.items()))


def convert_object(source, target, renames, alias):
    """Copy one of our objects with its names changed and aliased."""
    found = symbols(source)
    more = ['--add-symbol=%s=%s:%#x,weak,function' % (name, section, offset)
            for _, name, section, offset, _ in found if name in alias]
    more += ['--weaken-symbol=' + row[1] for row in found if row[1] in PLAIN]
    tool('objcopy', '--redefine-syms=' + renames, *more, source, target)


def convert_picolibc(source, target, renames, names):
    """Copy picolibc without the members that define what we define, calling ours by our names."""
    shutil.copy(source, target)
    drop = sorted({row[0] for row in symbols(source) if row[1] in names - WRAPPED})
    tool('ar', 'd', target, *drop)
    tool('objcopy', *['--redefine-sym=%s=__pico_%s' % (name, name) for name in sorted(WRAPPED)], target)
    tool('objcopy', '--redefine-syms=' + renames, target)


def build(objects, start, picolibc, headers, out):
    """Write out/libc.a and out/crt0.o from our `objects`, the object `start` and picolibc's libc.a;
    `headers`: folders of the public headers."""
    ours = [row for path in objects for row in symbols(path)]
    rename, alias = plan(ours, mentioned(headers))
    with tempfile.TemporaryDirectory() as folder:
        renames = folder + '/renames'
        write_renames(renames, rename)
        members = ['%s/fl_%s' % (folder, os.path.basename(path)) for path in objects]
        if len(set(members)) != len(members):
            raise ValueError('two objects of libc have the same name')
        for path, member in zip(objects, members):
            convert_object(path, member, renames, alias)
        convert_object(start, out + '/crt0.o', renames, alias)
        convert_picolibc(picolibc, folder + '/libc.a', renames, {row[1] for row in ours})
        tool('ar', 'qcs', folder + '/libc.a', *members)
        shutil.move(folder + '/libc.a', out + '/libc.a')
