"""Group docs: what the documents claim about the tree is true of the tree."""
import glob
import os
import re
import subprocess
import sys

from faultline import main
from faultline.common import TOP, Failure, UsageError
from harness.result import check, single

ARROWS_LEAST = 8
README_LINES_MOST = 12
NAMED = re.compile(r'`([\w/.-]+\.(?:c|h|S|py)):(\w+)`')
PATH = re.compile(r'`((?:apps|docs|include|lib|libc|microkernel|servers|tests|tools)/[\w/.-]*\w)`')
LINK = re.compile(r'\]\(([^)#]+)(?:#[^)]*)?\)')
COMMAND = re.compile(r'\./faultline((?: [^`\n#]*)?)')


def tests(_):
    return [single('docs/every arrow of the architecture names a function', arrows),
            single('docs/functions named anywhere exist', names_exist),
            single('docs/paths and links lead somewhere', links),
            single('docs/the protocol reference is current', protocols),
            single('docs/the kernel manual is current', kernel_manual),
            single('docs/commands shown are understood', commands),
            single('docs/every folder has a short README', readmes)]


def read(path):
    with open(os.path.join(TOP, path), encoding='utf-8') as file:
        return file.read()


def documents():
    found = glob.glob('**/*.md', root_dir=TOP, recursive=True)
    return sorted(path for path in found if not path.startswith('build/'))


def defines(path, name):
    """Does the file define the function (C, assembler, Python) or macro?"""
    if not os.path.isfile(os.path.join(TOP, path)):
        return False
    pattern = r'^(?:[A-Za-z_][\w \t*]*[ \t*])?%s\s*\(|^\s*def %s\(|^\s*%s:|#\s*define %s\b' % (
        (re.escape(name),) * 4)
    return re.search(pattern, read(path), re.M) is not None


def arrows():
    found = NAMED.findall(read('docs/architecture.md'))
    check(len(found) >= ARROWS_LEAST, 'only %d functions are named' % len(found))


def names_exist():
    wrong = ['%s: %s:%s' % (document, path, name) for document in documents()
             for path, name in NAMED.findall(read(document)) if not defines(path, name)]
    check(not wrong, '\n'.join(wrong))


def links():
    wrong = []
    for document in documents():
        text = read(document)
        here = os.path.dirname(document)
        targets = [os.path.join(here, link) for link in LINK.findall(text) if '://' not in link]
        for target in targets + PATH.findall(text):
            if not os.path.exists(os.path.join(TOP, target)):
                wrong.append('%s: %s' % (document, target))
    check(not wrong, '\n'.join(wrong))


def protocols():
    done = subprocess.run([sys.executable, os.path.join(TOP, 'tools', 'protocol_manual.py'),
                           '--check'], capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stdout + done.stderr)


def kernel_manual():
    done = subprocess.run([sys.executable, 'tools/kernel_manual.py', '--check'], cwd=TOP,
                          capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stdout + done.stderr)


def commands():
    """Each `./faultline ...` line of the README parses as the command that it shows."""
    wrong, seen = [], 0
    for shown in COMMAND.findall(read('README.md')):
        words = shown.split()
        if not words or any(word[0] in '[<' or '...' in word for word in words):
            continue
        seen += 1
        try:
            main.COMMANDS[words[0]][0](words[1:])
        except (KeyError, UsageError, Failure) as error:
            wrong.append('%s: %s' % (shown, error))
    check(not wrong, '\n'.join(wrong))
    check(seen >= 2, 'the README shows %d commands' % seen)


def readmes():
    wrong = []
    folders = {os.path.dirname(path) for pattern in ('*/*/SConscript', '*/SConscript')
               for path in glob.glob(pattern, root_dir=TOP)}
    folders = {folder for folder in folders if not folder.startswith(('tests/host', 'build'))}
    for folder in sorted(folders | {'docs', 'tools', 'tests', 'include'}):
        path = os.path.join(folder, 'README.md')
        if not os.path.exists(os.path.join(TOP, path)):
            wrong.append(path + ' is missing')
        elif len(read(path).splitlines()) > README_LINES_MOST:
            wrong.append(path + ' is long')
    check(not wrong, '\n'.join(wrong))
