#!/usr/bin/env python3
"""Writes docs/protocols.md from include/proto/*.def and *.h: protocol_manual.py [--check].

What a .def file says in the comment before a MSG is that message's text, so the manual cannot differ
from what is compiled. --check only compares, and fails if the document is not current.
"""
import glob
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROTO = os.path.join(TOP, 'include', 'proto')
DOCUMENT = os.path.join(TOP, 'docs', 'protocols.md')

HEAD = '''# Protocols

Made by `tools/protocol_manual.py` from `include/proto`; do not edit.

Programs *call* pager, fs and proc; servers exchange entries through *rings* and never wait for each
other. How a message is declared, laid out and answered: `include/proto/proto.h`. Errors:
`include/abi/error.h`. Every field is 8 bytes wide.
'''

TOKEN = re.compile(r'/\*(.*?)\*/|MSG\(', re.S)
FIELD = re.compile(r'F\(\s*(\w+)\s*,\s*(\w+)\s*\)')


def comment_text(raw):
    """The words of a C comment, without its stars."""
    lines = [re.sub(r'^\s*\*? ?', '', line).rstrip() for line in raw.strip().splitlines()]
    return ' '.join(line for line in lines if line).strip()


def balanced(text, start):
    """Index just behind the parenthesis that closes the one before `start`."""
    depth = 1
    while depth:
        depth += {'(': 1, ')': -1}.get(text[start], 0)
        start += 1
    return start


def split_arguments(body):
    """The three arguments of MSG: commas at depth 0 separate them."""
    parts, depth, last = [], 0, 0
    for i, char in enumerate(body):
        depth += {'(': 1, ')': -1}.get(char, 0)
        if char == ',' and depth == 0:
            parts.append(body[last:i])
            last = i + 1
    return parts + [body[last:]]


def fields(text):
    shown = {'uint64_t': '%s', 'len_t': '%s + bytes'}
    return [shown.get(kind, '%s (' + kind + ')') % name
            for kind, name in FIELD.findall(text)]


def messages(text):
    """Head text and messages of a .def file: (text, [(name, request, reply, text)])."""
    head, pending, found, at = [], [], [], 0
    while True:
        token = TOKEN.search(text, at)
        if not token:
            break
        at = token.end()
        if token.group(1) is not None:
            pending.append(comment_text(token.group(1)))
            continue
        end = balanced(text, at)
        name, request, reply = split_arguments(text[at:end - 1])
        if not found and len(pending) > 1:
            head, pending = pending[:1], pending[1:]
        elif not found:
            head, pending = pending, []
        found.append((name.strip(), fields(request), fields(reply), ' '.join(pending)))
        pending, at = [], end
    return ' '.join(head), found


def header_text(path):
    """First comment of a header."""
    with open(path, encoding='utf-8') as file:
        found = re.match(r'\s*/\*(.*?)\*/', file.read(), re.S)
    return comment_text(found.group(1)) if found else ''


def escape(text):
    return text.replace('|', '\\|').replace('<', '&lt;')


def section(path):
    """The manual's section of one .def file."""
    name = os.path.basename(path).removesuffix('.def')
    with open(path, encoding='utf-8') as file:
        head, found = messages(file.read())
    lines = ['', '## %s' % name, '', escape(header_text(path.removesuffix('.def') + '.h')), '',
             escape(head), '', '| op | message | request | reply | what it does |',
             '|--:|---|---|---|---|']
    for i, (message, request, reply, text) in enumerate(found):
        lines.append('| %d | `%s` | %s | %s | %s |' % (
            i + 1, message, ', '.join(request) or '-', ', '.join(reply) or '-', escape(text)))
    return '\n'.join(lines) + '\n'


def manual():
    """The whole document."""
    return HEAD + ''.join(section(path) for path in sorted(glob.glob(PROTO + '/*.def')))


def main(argv):
    text = manual()
    if argv == ['--check']:
        with open(DOCUMENT, encoding='utf-8') as file:
            if file.read() != text:
                print('docs/protocols.md is not current: run tools/protocol_manual.py')
                return 1
        return 0
    if argv:
        print('usage: protocol_manual.py [--check]', file=sys.stderr)
        return 2
    os.makedirs(os.path.dirname(DOCUMENT), exist_ok=True)
    with open(DOCUMENT, 'w', encoding='utf-8') as file:
        file.write(text)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
