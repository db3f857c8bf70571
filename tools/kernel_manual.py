#!/usr/bin/env python3
"""Writes docs/kernel.md, the kernel manual, from the comments of include/abi/*.h.

kernel_manual.py           write it
kernel_manual.py --check   exit 1 if the file is not what would be written
"""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.path.join(TOP, 'docs', 'kernel.md')

INTRO = '''# The kernel manual

<!-- Written by tools/kernel_manual.py from include/abi/*.h. Change it there. -->

The kernel knows threads, address spaces, capabilities, messages, page tables, interrupts and time.
It allocates nothing by itself: objects are made from untyped memory, page tables are frames that
somebody donated. A thread names objects by slots of its CSpace; everything it can do is below. What
goes wrong is answered with a negative error in a0 (`include/abi/error.h`) and changes nothing unless
it is said otherwise; no argument can stop the kernel.
'''

# Chapter, header, and the enums in it that become sections.
CHAPTERS = [
    ('System calls', 'syscall.h', ['sys']),
    ('Faults', 'fault.h', ['fault_label', 'fault_answer']),
    ('Objects and invocations', 'invoke.h', ['invoke_label', 'tcb_state']),
    ('Items', 'item.h', ['item_op']),
    ('The message page', 'message.h', []),
    ('What the first program gets', 'bootinfo.h', ['root_slot']),
]
TITLES = {'sys': 'Calls', 'fault_label': 'Labels', 'fault_answer': 'Answers',
          'invoke_label': '', 'tcb_state': 'States of a thread', 'item_op': 'Operations',
          'root_slot': 'Slots'}
ENTRY = re.compile(r'([A-Z]\w+)\s*=\s*(\d+)')
TOKEN = re.compile(r'/\*(.*?)\*/|([A-Z]\w+\s*=\s*\d+)', re.S)


def clean(comment):
    """The text of a comment, one line per line, without its decoration."""
    lines = [re.sub(r'^\s*\*? ?', '', line).rstrip() for line in comment.strip().splitlines()]
    return '\n'.join(lines).strip()


def head_comment(text):
    return clean(re.match(r'/\*(.*?)\*/', text, re.S).group(1))


def entries(text, name):
    """[(kind, value)]: ('group', text) and ('entry', name, number, text) of an enum."""
    body = re.search(r'enum %s \{(.*?)\n\};' % name, text, re.S).group(1)
    result, pending = [], ''
    for comment, entry in TOKEN.findall(body):
        if entry:
            found = ENTRY.match(entry)
            result.append(['entry', found.group(1), found.group(2), pending])
            pending = ''
        elif comment.strip().startswith('---'):
            result.append(['group', clean(comment).strip('- \n')])
        elif is_trailing(body, comment):
            result[-1][3] = (result[-1][3] + '\n' + clean(comment)).strip()
        else:
            pending = clean(comment)
    return result


def is_trailing(body, comment):
    """The comment stands behind something on its line."""
    start = body.index('/*' + comment + '*/')
    line = body[body.rfind('\n', 0, start) + 1:start]
    return bool(line.strip())


def paragraphs(text):
    """Errors and bounds begin lines of their own."""
    return re.sub(r'(?<!\n)[ \n](Errors|Bound|out): ', r'  \n\1: ', text)


def section(text, name):
    out = ['### %s\n' % TITLES[name]] if TITLES[name] else []
    for item in entries(text, name):
        if item[0] == 'group':
            title, _, rest = item[1].partition(':')
            out.append('### %s\n' % title.rstrip('.'))
            if rest:
                out.append(rest.strip() + '\n')
        else:
            out.append('**`%s`** (%s)  \n%s\n' % (item[1], item[2], paragraphs(item[3])))
    return '\n'.join(out)


def structure(text):
    """Structures and defines of a header, as they stand."""
    code = re.findall(r'^struct \w+ \{.*?^\};', text, re.S | re.M)
    code += ['\n'.join(re.findall(r'^#define [A-Z]\w+(?:\([a-z0-9, ]+\))? +[^\\\n]+$', text, re.M))]
    code = [part for part in code if part]
    return '```c\n%s\n```\n' % '\n\n'.join(code) if code else ''


def manual():
    parts = [INTRO]
    for title, header, enums in CHAPTERS:
        with open(os.path.join(TOP, 'include', 'abi', header), encoding='utf-8') as file:
            text = file.read()
        parts.append('## %s\n\n`include/abi/%s`\n\n```text\n%s\n```\n' % (title, header, head_comment(text)))
        parts.append(structure(text))
        parts += [section(text, name) for name in enums]
    return '\n'.join(parts)


def main():
    text = manual()
    if '--check' not in sys.argv:
        with open(TARGET, 'w', encoding='utf-8') as file:
            file.write(text)
        return 0
    with open(TARGET, encoding='utf-8') as file:
        if file.read() == text:
            return 0
    print('docs/kernel.md is out of date: run tools/kernel_manual.py')
    return 1


if __name__ == '__main__':
    sys.exit(main())
