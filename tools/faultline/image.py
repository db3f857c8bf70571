"""Disk images: the base root image made from what was built, copies of it, files put in and taken
out, repair, swap.

The base image is made anew whenever its contents change. An image that is kept between runs carries
/etc/faultline.manifest, the names and digests of the files that we put there; from it we see which
programs were rebuilt, and replace just those.
"""
import contextlib
import fcntl
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile

from faultline import archive
from faultline.common import RISCV, RUN, TOP, Failure, say

BASE = os.path.join(RUN, 'base.img')
STAGE = os.path.join(RUN, 'stage')
MANIFEST = '/etc/faultline.manifest'
ROOT_BYTES = 256 << 20
UUID = '0f00f00f-fa17-4000-8000-00000000e220'
HASH_SEED = '0f00f00f-fa17-4000-8000-0000000005ee'
EPOCH = 1700000000          # time stamp of all that is in a base image
EMPTY_DIRECTORIES = ('bin', 'dev', 'etc', 'home', 'tmp')
TOOLS_ENV = dict(os.environ, PATH=os.environ.get('PATH', '') + ':/usr/sbin:/sbin', LC_ALL='C')


def contents():
    """What belongs in a root image: {guest path: (mode, bytes)}. Programs, then tools/root."""
    files = {}
    for path in sorted(glob.glob(os.path.join(RISCV, 'bin', '*'))):
        if os.path.isfile(path):
            files['/bin/' + os.path.basename(path)] = (0o755, archive.stripped(path))
    tree = os.path.join(TOP, 'tools', 'root')
    for folder, _, names in sorted(os.walk(tree)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, 'rb') as file:
                data = file.read()
            mode = 0o755 if os.access(path, os.X_OK) else 0o644
            files['/' + os.path.relpath(path, tree)] = (mode, data)
    return files


def manifest_of(files):
    return {path: hashlib.sha256(b'%o ' % mode + data).hexdigest()
            for path, (mode, data) in files.items()}


def manifest_text(manifest):
    return json.dumps(manifest, indent=0, sort_keys=True) + '\n'


def tool(argv, accept=(0,), env=TOOLS_ENV):
    """Run one of e2fsprogs; Failure with its words unless its status is in `accept`."""
    done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors='replace', check=False)
    if done.returncode not in accept:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Failure('%s: %s' % (argv[0], words[-1] if words else 'failed'))
    return done


def stage(files):
    """Write `files` as a tree for mke2fs, everything with the same time stamp."""
    shutil.rmtree(STAGE, ignore_errors=True)
    for name in EMPTY_DIRECTORIES:
        os.makedirs(os.path.join(STAGE, name))
    for path, (mode, data) in files.items():
        target = STAGE + path
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, 'wb') as file:
            file.write(data)
        os.chmod(target, mode)
    for folder, _, names in os.walk(STAGE):
        os.chmod(folder, 0o1777 if folder == STAGE + '/tmp' else 0o755)
        for path in [folder] + [os.path.join(folder, name) for name in names]:
            os.utime(path, (EPOCH, EPOCH))


def staged():
    """Paths in the image of all that was staged. Nothing outside can set a file's change time, so
    mke2fs copied the host's."""
    for folder, _, names in os.walk(STAGE):
        for name in [''] + names:
            yield os.path.join('/', os.path.relpath(os.path.join(folder, name), STAGE))


def make(path, files, block_bytes=4096):
    """Make an ext2 image of `files` at `path`: the same bytes from the same files."""
    stage(files)
    temporary = '%s.%d' % (path, os.getpid())
    with open(temporary, 'wb') as file:
        file.truncate(ROOT_BYTES)
    env = dict(TOOLS_ENV, E2FSPROGS_FAKE_TIME=str(EPOCH))
    done = subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext2', '-b', str(block_bytes), '-m', '0',
                           '-U', UUID, '-E', 'hash_seed=%s,root_owner=0:0' % HASH_SEED,
                           '-L', 'faultline', '-d', STAGE, temporary], env=env,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure('mke2fs: ' + done.stderr.strip())
    debugfs(temporary, ['set_inode_field "%s" ctime @%d' % (name, EPOCH) for name in staged()],
            write=True, env=env)
    os.replace(temporary, path)


def base(block_bytes=4096):
    """Path of the base image, made anew if anything in it changed. Under the build lock."""
    path = BASE if block_bytes == 4096 else '%s.%d' % (BASE, block_bytes)
    os.makedirs(RUN, exist_ok=True)
    files = contents()
    text = manifest_text(manifest_of(files))
    files[MANIFEST] = (0o644, text.encode())
    key = path + '.key'
    if os.path.exists(path) and os.path.exists(key):
        with open(key, encoding='utf-8') as file:
            if file.read() == text:
                return path
    make(path, files, block_bytes)
    with open(key, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def copy(source, target):
    """A copy that keeps holes."""
    tool(['cp', '--sparse=always', '--reflink=auto', source, target])


@contextlib.contextmanager
def held(path):
    """Keep other runs away from an image that is written: two systems on one disk destroy it."""
    with open(path, 'rb') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure('%s is in use by another faultline' % path) from None
        yield


def repair(path):
    """e2fsck -p. Failure if it finds what it would have to ask about."""
    done = subprocess.run(['e2fsck', '-p', path], env=TOOLS_ENV, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors='replace', check=False)
    if done.returncode & ~3:
        words = (done.stdout + done.stderr).strip().splitlines() or ['e2fsck failed']
        raise Failure('%s; mend it with e2fsck %s, or start anew with --fresh' % (words[-1], path))


def debugfs(path, commands, write=False, env=TOOLS_ENV):
    """Run debugfs commands on an image; what it printed. Failure if one of them failed."""
    with tempfile.NamedTemporaryFile('w', suffix='.debugfs', encoding='utf-8',
                                     errors='surrogateescape') as script:
        script.write('\n'.join(commands) + '\n')
        script.flush()
        done = tool(['debugfs', *(['-w'] if write else []), '-f', script.name, path], env=env)
    errors = [line for line in done.stderr.splitlines()
              if line.strip() and not re.match(r'debugfs \d', line)]
    if errors:
        raise Failure('debugfs: ' + errors[0])
    return done.stdout


def exists(path, guest):
    """What `guest` is in the image: 'directory', 'regular', ... or None."""
    done = tool(['debugfs', '-R', 'stat "%s"' % guest, path])
    found = re.search(r'Type: (\w+)', done.stdout)
    return found.group(1) if found else None


def _make_folders(path, guest, known):
    """Commands that make the folders above `guest` where they lack."""
    commands = []
    parts = os.path.dirname(guest).strip('/').split('/')
    for i in range(1, len(parts) + 1):
        folder = '/' + '/'.join(parts[:i])
        if folder != '/' and folder not in known:
            known.add(folder)
            if exists(path, folder) is None:
                commands.append('mkdir "%s"' % folder)
    return commands


def _put_commands(path, host, guest, mode, known):
    commands = _make_folders(path, guest, known)
    if exists(path, guest):
        commands.append('rm "%s"' % guest)
    commands += ['cd "%s"' % os.path.dirname(guest),
                 'write "%s" "%s"' % (host, os.path.basename(guest)),
                 'set_inode_field "%s" mode 0%o' % (guest, 0o100000 | mode),
                 'set_inode_field "%s" uid 0' % guest, 'set_inode_field "%s" gid 0' % guest]
    return commands


def add(path, host, guest):
    """Copy a file or a tree of the host into an image."""
    if not os.path.exists(host):
        raise Failure('--add: there is no ' + host)
    pairs = [(host, guest)]
    if os.path.isdir(host):
        pairs = [(os.path.join(folder, name),
                  os.path.normpath('/'.join((guest, os.path.relpath(folder, host), name))))
                 for folder, _, names in sorted(os.walk(host)) for name in sorted(names)]
    commands, known = [], set()
    for source, target in pairs:
        mode = os.stat(source).st_mode & 0o777
        commands += _put_commands(path, os.path.abspath(source), target, mode, known)
    debugfs(path, commands, write=True)


def get(path, guest, host):
    """Copy a file or a tree out of an image, as `cp -r` names it. Failure if it isn't there."""
    kind = exists(path, guest)
    if kind is None:
        raise Failure('--get: there is no %s in the image' % guest)
    host = os.path.abspath(host)
    if kind != 'directory':
        target = os.path.join(host, os.path.basename(guest)) if os.path.isdir(host) else host
        debugfs(path, ['dump "%s" "%s"' % (guest, target)])
    elif os.path.isdir(host):
        debugfs(path, ['rdump "%s" "%s"' % (guest, host)])
    else:
        with tempfile.TemporaryDirectory(dir=os.path.dirname(host)) as folder:
            debugfs(path, ['rdump "%s" "%s"' % (guest, folder)])
            os.rename(os.path.join(folder, os.path.basename(guest)), host)


def refresh(path):
    """Replace in a kept image what was rebuilt since. An image without our manifest stays as it is."""
    if exists(path, MANIFEST) is None:
        return
    try:
        old = json.loads(debugfs(path, ['cat ' + MANIFEST]).partition('\n')[2])
    except ValueError:
        old = {}
    files = contents()
    new = manifest_of(files)
    changed = [guest for guest in new if new[guest] != old.get(guest)]
    if not changed:
        return
    say('refreshing %d files of %s' % (len(changed), os.path.relpath(path)))
    files[MANIFEST] = (0o644, manifest_text(new).encode())
    commands, known = [], set()
    with tempfile.TemporaryDirectory(dir=RUN) as folder:
        for i, guest in enumerate(changed + [MANIFEST]):
            host = os.path.join(folder, str(i))
            with open(host, 'wb') as file:
                file.write(files[guest][1])
            commands += _put_commands(path, host, guest, files[guest][0], known)
        debugfs(path, commands, write=True)


def kept(path, fresh=False):
    """Make ready an image that is kept between runs: made if it isn't there, mended, refreshed."""
    if fresh or not os.path.exists(path):
        copy(base(), path)
        return
    repair(path)
    refresh(path)


def swap(path, size_bytes):
    """A swap disk: nothing but holes."""
    with open(path, 'wb') as file:
        file.truncate(size_bytes)
