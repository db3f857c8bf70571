"""`bench`: what operations cost, in instructions, beside the bound that each is to stay under.

All under -icount shift=0, where an instruction is a nanosecond and runs repeat. Kernel rows come
from the root program kbench, which runs on the kernel alone; system rows from tests/target/special/
bench.c in the whole system; both print lines `row value` and say in their sources how they measure.
"""
import json
import os
import re
import subprocess
import threading

from faultline import archive, building, execute, frames, image, machine, options, packages
from faultline.common import RISCV, Failure, UsageError, output
from faultline.interactive import SHELL

ROW = re.compile(r'^(\w+) (\d+)$', re.M)
BOOT = re.compile(rb'boot took (\d+) instructions')
BOOTS = 5
SECONDS = 300

# row: (bound, what it is)
ROWS = {
    'null_syscall': (110, 'null system call'),
    'ipc_call_0w': (380, 'call and reply between two address spaces'),
    'ipc_call_4w': (390, 'the same with four words'),
    'ipc_call_loaded': (450, 'the same with another caller queued'),
    'fault_null': (420, 'fault to a pager and back, nothing mapped'),
    'fault_ready': (520, 'fault answered with a ready frame'),
    'fault_zero_write_pool': (680, 'first store to a page'),
    'fault_zero_read': (620, 'first load from a page'),
    'fault_zero_upgrade': (800, 'first store after a load'),
    'cow_copy': (1700, 'store to a shared page: copied'),
    'cow_sole': (620, 'store to a page that nobody shares any more'),
    'fork_page': (60, 'fork, for each resident page'),
    'fork_exit_wait': (20000, 'fork, exit, wait'),
    'fork_exec_exit_wait': (50000, 'fork, exec, exit, wait'),
    'boot_to_prompt': (6000000, 'kernel entry to the first prompt, idle not counted'),
}


def parse_rows(text):
    return {name: int(value) for name, value in ROW.findall(text.replace('\r', ''))
            if name in ROWS}


def machine_options():
    return options.parse_run(['--icount'])


def kernel_rows():
    """Rows of the kernel alone, from its own root program."""
    with execute.work_folder() as folder:
        path = machine.write_file(os.path.join(folder, 'boot.img'),
                                  archive.root_image('kbench.root'))
        boot = machine.Boot(output('riscv', 'kernel.elf'), path)
        argv = machine.command_line(machine_options(), boot, {}, machine.CHARDEV)
        try:
            done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise Failure('the kernel benchmark does not end') from None
    return parse_rows(done.stdout.decode(errors='replace'))


def system_rows():
    """Rows of the whole system, from a program in it."""
    parsed = options.parse_exec(['--icount', '--timeout', str(SECONDS), '--', '/special/bench'])
    gathered = []
    with execute.work_folder() as folder:
        root = os.path.join(folder, 'root.img')
        image.copy(image.base(), root)
        image.add(root, os.path.join(RISCV, 'special', 'bench'), '/special/bench')
        boot = execute.system_boot(parsed, folder, 'exec', parsed.command)
        sinks = {frames.OUT: gathered.append, frames.ERR: gathered.append,
                 frames.LOG: lambda data: None}
        status = execute.boot_and_converse(parsed, boot, execute.disks_of(parsed, folder, root),
                                           sinks, None)
    text = b''.join(gathered).decode(errors='replace')
    if status:
        raise Failure('the benchmark ended with status %d: %s' % (status, text[-300:]))
    return parse_rows(text)


def boot_once():
    """Boot as `run` does, up to the shell's first words. => what it says it cost."""
    parsed = machine_options()
    with execute.work_folder() as folder:
        root = os.path.join(folder, 'root.img')
        image.copy(image.base(), root)
        boot = execute.system_boot(parsed, folder, 'run', SHELL)
        argv = machine.command_line(parsed, boot, execute.disks_of(parsed, folder, root),
                                    machine.CHARDEV)
        process = machine.start(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        watchdog = threading.Timer(SECONDS, process.kill)
        watchdog.start()
        try:
            for text in process.stdout:
                found = BOOT.search(text)
                if found:
                    return int(found.group(1))
        finally:
            watchdog.cancel()
            machine.stop(process)
            process.stdin.close()
            process.stdout.close()
    raise Failure('a boot did not tell what it cost')


def boot_row():
    """Boots wait for the disk, whose interrupts come when the host likes: a median."""
    return {'boot_to_prompt': sorted(boot_once() for _ in range(BOOTS))[BOOTS // 2]}


def measure():
    """All rows: {name: instructions}. On a built tree. Failure if one is missing."""
    rows = {**kernel_rows(), **system_rows(), **boot_row()}
    lacking = [name for name in ROWS if name not in rows]
    if lacking:
        raise Failure('no figure came for ' + ' '.join(lacking))
    return rows


def line(name, value):
    bound, text = ROWS[name]
    return '%-24s %9d  %s %9d  %s' % (name, value, '<=' if value <= bound else '> ', bound, text)


def bench(parsed):
    """The command `bench`. => exit status."""
    for name in parsed.rows:
        if name not in ROWS:
            raise UsageError('there is no row %r; rows: %s' % (name, ' '.join(ROWS)))
    packages.need(packages.BUILD + packages.BOOT)
    with building.build_lock():
        building.scons()
        image.base()
    rows = {name: value for name, value in measure().items()
            if not parsed.rows or name in parsed.rows}
    print('%-24s %9s  %12s' % ('instructions', 'measured', 'bound'))
    for name in ROWS:
        if name in rows:
            print(line(name, rows[name]))
    if parsed.json:
        with open(parsed.json, 'w', encoding='utf-8') as file:
            json.dump({name: {'instructions': value, 'bound': ROWS[name][0]}
                       for name, value in rows.items()}, file, indent=1)
            file.write('\n')
    return 0
