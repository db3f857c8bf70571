"""Runs SCons, one build at a time per clone, and `clean`."""
import contextlib
import fcntl
import os
import shutil
import subprocess

from faultline.common import BUILD, TOP, Failure, say


@contextlib.contextmanager
def build_lock():
    """Only one faultline at a time works on what all runs of this clone share under build/."""
    os.makedirs(BUILD, exist_ok=True)
    with open(os.path.join(BUILD, '.lock'), 'w', encoding='ascii') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say('waiting for another faultline that builds in this clone')
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def scons(*targets):
    """Build `targets` (all if none), only what changed. Failure if the build fails."""
    command = ['scons', '-s', '-j%d' % (os.cpu_count() or 1), *targets]
    done = subprocess.run(command, cwd=TOP, stdin=subprocess.DEVNULL, stdout=2, check=False)
    if done.returncode:
        raise Failure('the build failed')


def clean():
    """Remove all that was built, the root image too."""
    with build_lock():
        for name in os.listdir(BUILD):
            path = os.path.join(BUILD, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            elif name != '.lock':
                os.unlink(path)
    for name in ('.sconsign.dblite', '.sconf_temp', 'config.log'):
        path = os.path.join(TOP, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.unlink(path)
