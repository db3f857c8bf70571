"""Group boots: systems that are started specially: little memory, full, missing, failing or foreign
disks, other block sizes, policies, a real terminal, power cuts. Each boots a machine of its own.
"""
import os
import random
import re
import signal
import threading
import time

from faultline import archive, execute, frames, image, machine, options
from faultline.common import TOP, output
from harness import guest, tap, target
from harness.result import Failed, Result, Test, check, check_equal, run_program, single
from harness.terminal import Terminal

SMALL = ('--mem', '32M', '--swap', '128M')
POLICIES = ('fifo', 'clock', 'aging')
CUTS, CUTS_DEEP = 4, 60
FULL_BYTES = 16 << 20
COMMAND = os.path.join(TOP, 'faultline')
PROMPT = rb'[$#] $'


def tests(deep):
    found = [single('boots/' + name.replace('_', ' '), function) for name, function in (
        ('demo_all', demo_all), ('demo_evict_in_32M', demo_evict),
        ('policies_change_under_demo_evict', demo_switch),
        ('status_and_streams', streams), ('a_bad_access_is_told_in_one_line', crash),
        ('a_program_larger_than_memory', big), ('no_swap', no_swap), ('no_disk', no_disk),
        ('a_server_that_cannot_be_started', unstartable_server),
        ('a_server_that_faults', faulting_server),
        ('foreign_disks', foreign_disks), ('a_disk_we_may_only_read', read_only_disk),
        ('a_full_disk', full_disk), ('an_indexed_directory', indexed_directory),
        ('read_errors', read_errors), ('write_errors', write_errors),
        ('swap_errors', swap_errors), ('a_slow_disk_holds_up_nobody_else', slow_disk),
        ('the_command_itself', the_command), ('a_terminal', terminal),
        ('scripts_of_the_shell', shell_scripts))]
    found += [single('boots/policy ' + name, policy, name) for name in POLICIES]
    found += [single('boots/power cut %d' % seed, power_cut, seed)
              for seed in range(1, (CUTS_DEEP if deep else CUTS) + 1)]
    found += [programs('switch', SMALL), programs('evict', SMALL),
              programs('oom', ('--mem', '32M', '--swap', '16M')),
              Test('boots/1 KiB blocks', small_blocks), Test('boots/keyboard', keyboard)]
    return found


def programs(name, flags):
    """A TAP program of tests/target/special in a machine of its own."""
    def action():
        with guest.work() as folder:
            root = guest.fresh_root(folder, [guest.special(name), guest.special('runner')])
            return target.run_programs(['/special/' + name], 'boots/', root, flags)
    return Test('boots/' + name, action)


def run_well(command, flags=(), **kw):
    """Run a command that must succeed. => Outcome."""
    got = guest.run(command, flags, **kw)
    check(got.status == 0, got.everything())
    return got


def demo_all():
    run_well(['demo', 'all'], seconds=120)


def demo_evict():
    run_well(['demo', 'evict'], SMALL, seconds=120)


def demo_switch():
    run_well(['sh', '-c', 'demo evict & pagerctl policy fifo; pagerctl policy aging; '
              'pagerctl policy clock; wait'], SMALL, seconds=120)


def policy(name):
    got = run_well(['sh', '-c', 'pagerctl policy && demo evict'], (*SMALL, '--policy', name),
                   seconds=120)
    check(name in got.out, got.everything())


def streams():
    data = random.Random(5).randbytes(50000)
    got = run_well(['cat'], stdin=data)
    check(got.streams[frames.OUT] == data, '%d bytes came back' % len(got.streams[frames.OUT]))
    check_equal(got.err, '', 'stderr')
    got = guest.run(['sh', '-c', 'echo out; echo err >&2; exit 42'])
    check_equal((got.status, got.out, got.err), (42, 'out\n', 'err\n'), 'sh')
    check_equal(guest.run(['sh', '-c', 'kill -9 $$']).status, 137, 'status after SIGKILL')
    got = guest.run(['no-such-program'])
    check_equal(got.status, 127, 'status of a command that is not there')
    check('no-such-program' in got.err, got.everything())


def crash():
    with guest.work() as folder:
        root = guest.fresh_root(folder, [guest.special('crash')])
        got = guest.run(['/special/crash'], root=root)
    check_equal(got.status, 139, 'status')
    lines = re.findall(r'^crash\[\d+\]: segmentation fault: .*scause=0xf sepc=0x[0-9a-f]+ '
                       r'stval=0x4008$', got.err, re.M)
    check_equal(len(lines), 1, 'lines about it in: ' + got.everything())


def big():
    with guest.work() as folder:
        root = guest.fresh_root(folder, [guest.special('big')])
        got = run_well(['/special/big'], SMALL, root=root, seconds=120)
    check_equal(got.out, '104847360\n', 'sum')


def no_swap():
    got = run_well(['sh', '-c', 'demo lazy && demo cow && free'], ('--swap', '0'))
    check(got.out, 'no output')


def ended_by_itself(got):
    """A system that cannot run ends with a status that is neither success nor a timeout."""
    check(got.status not in (0, 124), got.everything())


def no_disk():
    got = guest.run(['true'], disks={})
    ended_by_itself(got)
    check(re.search('disk', got.log + got.err), got.everything())


def unstartable_server():
    """A server that is not in the archive, or is no program: said in one line, and the end."""
    for data, words in ((None, 'init: no server "swap" in the boot archive'),
                        (b'#!/bin/sh', 'init: swap: not an ELF file')):
        got = guest.run(['true'], servers={'swap': data})
        ended_by_itself(got)
        check(words in got.log, got.everything())


def faulting_server():
    """One line with cause and place; then the others are taken down, so that the disk is sound."""
    line = r'init: swap: store page fault: scause=0xf sepc=0x[0-9a-f]+ stval=0x4008'
    for name, command in (('faults_at_start', ['true']),
                          ('faults_at_work', ['sh', '-c', 'echo kept > /home/kept; demo evict'])):
        with guest.work() as folder:
            root = guest.fresh_root(folder)
            broken = archive.stripped(output('riscv', name + '.elf'))
            got = guest.run(command, SMALL, root=root, servers={'swap': broken})
            check_equal(got.status, 125, got.everything())
            check(re.search(line, got.log), got.everything())
            guest.clean_disk(root)


def foreign_disks():
    with guest.work() as folder:
        noise = os.path.join(folder, 'noise.img')
        machine.write_file(noise, random.Random(7).randbytes(4 << 20))
        got = guest.run(['true'], disks={0: noise})
        ended_by_itself(got)
        check(re.search('ext2|file system', got.log + got.err), got.everything())
        foreign = os.path.join(folder, 'ext4.img')
        image.tool(['mke2fs', '-q', '-F', '-t', 'ext4', foreign, '16M'])
        got = guest.run(['true'], disks={0: foreign})
        ended_by_itself(got)
        check(re.search('feature|ext4', got.log + got.err), got.everything())


def read_only_disk():
    """An unknown RO_COMPAT feature: everything can be read, nothing written."""
    with guest.work() as folder:
        root = guest.fresh_root(folder)
        image.debugfs(root, ['set_super_value feature_ro_compat 0x4003'], write=True)
        before = open(root, 'rb').read()
        got = guest.run(['sh', '-c', 'ls /bin && ! echo x > /home/x'], root=root)
        check_equal(got.status, 0, got.everything())
        check('sh' in got.out, got.everything())
        check(open(root, 'rb').read() == before, 'the disk was written')


def full_disk():
    """Writes end in ENOSPC, what was written stays, space comes back, the disk stays sound."""
    with guest.work() as folder:
        root = os.path.join(folder, 'root.img')
        image.copy(image.BASE, root)
        used = image.debugfs(root, ['show_super_stats -h'])
        blocks = int(re.search(r'Block count:\s+(\d+)', used).group(1))
        free = int(re.search(r'Free blocks:\s+(\d+)', used).group(1))
        image.tool(['resize2fs', '-f', root, str(blocks - free + (FULL_BYTES >> 12))])
        filler = machine.write_file(os.path.join(folder, 'filler'), b'full' * (1 << 20))
        image.add(root, filler, '/home/filler')
        script = ('i=0; while cp /home/filler /home/copy$i 2>/tmp/why; do i=$((i+1)); done; '
                  'cat /tmp/why >&2; rm /home/copy*; cp /home/filler /home/again && echo fits')
        got = run_well(['sh', '-c', script], root=root, seconds=120)
        check_equal(got.out, 'fits\n', 'after the disk was full: ' + got.everything())
        check('space' in got.err, got.everything())
        guest.clean_disk(root)


def indexed_directory():
    """A directory that e2fsck has given a hash tree: found, extended and shrunk by us."""
    with guest.work() as folder:
        root, tree = guest.fresh_root(folder), os.path.join(folder, 'tree')
        os.mkdir(tree)
        names = ['a-rather-long-name-to-fill-blocks-%04d' % i for i in range(1500)]
        for name in names:
            machine.write_file(os.path.join(tree, name), b'')
        image.add(root, tree, '/home/tree')
        image.tool(['e2fsck', '-fyD', root], accept=(0, 1))
        check('Flags: 0x1000' in image.debugfs(root, ['stat /home/tree']), 'no hash tree was made')
        script = ('cd /home/tree; test -e %s && test ! -e nothing && echo new > new && '
                  'rm %s && ls | wc -l' % (names[777], names[3]))
        got = run_well(['sh', '-c', script], root=root)
        check_equal(got.out.strip(), '1500', 'names')
        guest.clean_disk(root)


def shell_scripts():
    """The scripts of tests/host/apps print on the target what they print on the host."""
    loop = ('cd /scripts; for s in *.sh; do sh $s >/tmp/printed 2>/tmp/said; '
            'cmp -s /tmp/printed ${s%.sh}.out && continue; echo "$s differs:"; cat /tmp/said; '
            'cmp /tmp/printed ${s%.sh}.out; done')
    with guest.work() as folder:
        root = guest.fresh_root(folder)
        image.add(root, os.path.join(TOP, 'tests', 'host', 'apps', 'scripts'), '/scripts')
        got = run_well(['sh', '-c', loop], root=root, seconds=120)
    check_equal(got.out, '', 'scripts that print something else')


def failing(folder, path, event, sectors):
    """A QEMU drive over `path` that fails `event` at each of `sectors` (None: everywhere)."""
    rules = ''.join('[inject-error]\nevent = "%s"\nerrno = "5"\nonce = "off"\n%s' % (
        event, 'sector = "%d"\n' % sector if sector is not None else '') for sector in sectors)
    conf = os.path.join(folder, 'blkdebug.conf')
    machine.write_file(conf, rules.encode())
    return 'file=blkdebug:%s:%s' % (conf, path)


def with_cold_file(folder, pages=8, short=0):
    """A root disk with /cold, `short` bytes shorter than its pages, and the sectors of these."""
    data = b'cold' * 1024 * pages
    cold = machine.write_file(os.path.join(folder, 'cold'), data[:len(data) - short])
    root = guest.fresh_root(folder, [(cold, '/cold')])
    blocks = [int(word) for word in image.debugfs(root, ['blocks /cold']).split()
              if word.isdigit()]
    return root, [block * 8 for block in blocks]


def read_errors():
    """A bad sector is an error of who reads it, and of nobody else."""
    with guest.work() as folder:
        root, sectors = with_cold_file(folder)
        bad = range(sectors[4], sectors[4] + 8)
        disks = {0: failing(folder, root, 'read_aio', bad)}
        got = guest.run(['sh', '-c', 'cat /cold | wc -c; cat /cold >/dev/null || echo failed; '
                         'ls /bin >/dev/null && echo alive'], disks=disks)
        check_equal(got.status, 0, got.everything())
        check('failed\nalive\n' in got.out, got.everything())
        check(re.search(r'nput/output|I/O', got.err), got.everything())


def write_errors():
    """What cannot be written is reported by sync and shutdown; nothing hangs. Appending rewrites the
    last block where it is."""
    with guest.work() as folder:
        root, sectors = with_cold_file(folder, short=100)
        bad = [sector + i for sector in sectors for i in range(8)]
        disks = {0: failing(folder, root, 'write_aio', bad)}
        got = guest.run(['sh', '-c', 'echo spoiled >> /cold; sync; echo alive'],
                        disks=disks)
        check(got.status not in (None, 124), got.everything())
        check('alive\n' in got.out, got.everything())
        check(re.search('error|could not', got.log), got.everything())


def swap_errors():
    """A swap disk that fails every write: processes may be ended, the system goes on."""
    with guest.work() as folder:
        root, swap = guest.fresh_root(folder), os.path.join(folder, 'swap.img')
        image.swap(swap, 128 << 20)
        disks = {0: root, 1: failing(folder, swap, 'write_aio', [None])}
        got = guest.run(['sh', '-c', 'demo evict; echo alive'], SMALL, disks=disks, seconds=120)
        check(got.status not in (None, 124), got.everything())
        check('alive\n' in got.out, got.everything())


def slow_disk():
    """special/meanwhile.c on a disk that takes a quarter of a second for a read."""
    with guest.work() as folder:
        root, _ = with_cold_file(folder, 2048)
        image.add(root, *guest.special('meanwhile'))
        path, (reader, writer) = os.path.join(folder, 'qmp'), os.pipe()
        slowed = []

        def watch(data):
            if b'ready' in data and not slowed:
                guest.qmp(path, 'block_set_io_throttle', device='d0', bps=0, bps_rd=0, bps_wr=0,
                          iops=0, iops_rd=16, iops_wr=0)
                slowed.append(True)
                os.write(writer, b'go\n')
        try:
            got = guest.converse(folder, ['/special/meanwhile'], (), root, reader, 60, watch=watch,
                                 extra=['-qmp', 'unix:%s,server=on,wait=off' % os.path.relpath(path)])
        finally:
            os.close(reader)
            os.close(writer)
        check(got.status == 0, got.everything())


def last_line(words):
    """The guest's; what the command itself has to say (it waits, it builds) comes before."""
    return (words.splitlines() or [''])[-1]


def the_command():
    """./faultline exec as a user types it: files in and out, a disk that is kept, log, timeout."""
    with guest.work() as folder:
        at = lambda name: os.path.join(folder, name)
        machine.write_file(at('in'), b'from the host\n')
        status, words = run_program(
            [COMMAND, 'exec', '--add', at('in') + ':/home/in', '--get', '/home/out:' + at('out'),
             '--root', at('kept.img'), '--log', at('log'), '--',
             'sh', '-c', 'cat /home/in; cp /home/in /home/out; echo kept > /home/kept'], 120)
        check_equal((status, last_line(words)), (0, 'from the host'), 'exec')
        check_equal(open(at('out'), 'rb').read(), b'from the host\n', 'what came out')
        check(os.path.getsize(at('log')) > 0, 'the log is empty')
        guest.clean_disk(at('kept.img'))
        status, words = run_program([COMMAND, 'exec', '--root', at('kept.img'), '--', 'cat',
                                     '/home/kept'], 120)
        check_equal((status, last_line(words)), (0, 'kept'), 'second run on a kept disk')
        status, words = run_program([COMMAND, 'exec', '--timeout', '4', '--', 'sleep', '1000'], 120)
        check_equal(status, 124, 'status after a timeout: ' + words)


def terminal():
    """`run` on a real terminal: prompt, echo, ^C to the foreground, exit, a clean disk."""
    kept = os.path.join(TOP, 'build', 'root.img')
    with Terminal([COMMAND, 'run']) as screen:
        screen.expect(PROMPT, 120)
        screen.send('echo $((6*7))\r')
        screen.expect(rb'\n42\r*\n')
        screen.expect(PROMPT)
        screen.send('sleep 1000\r')
        time.sleep(1)
        screen.send('\x03')
        screen.expect(PROMPT)
        screen.send('echo status $?\r')
        screen.expect(rb'status 130')
        screen.expect(PROMPT)
        screen.send('cat | wc -c\r')
        time.sleep(0.5)
        screen.send('four\r\x04')
        screen.expect(rb'\n\s*5\r*\n')
        screen.expect(PROMPT)
        screen.send('ecko edited\x01\x06\x1b[C\x1b[3~h\r')
        screen.expect(rb'\nedited\r*\n')
        screen.expect(PROMPT)
        screen.send('\x1b[A \t\t')
        screen.expect(rb'etc/')
        screen.send('\x03')
        screen.expect(PROMPT)
        screen.send('exit\r')
        check_equal(screen.finish(60), 0, 'status of run')
    guest.clean_disk(kept)


def keyboard():
    """A program on a terminal, to which we type what it asks for; it tells the rest in TAP."""
    with guest.work() as folder:
        root = guest.fresh_root(folder, [guest.special('keyboard')])
        parsed = options.parse_run([])
        boot = execute.system_boot(parsed, folder, 'run', ['/special/keyboard'], size='31x97')
        argv = machine.command_line(parsed, boot, execute.disks_of(parsed, folder, root),
                                    machine.TERMINAL)
        with Terminal(argv) as screen:
            while answer_request(screen):
                pass
            screen.finish(30)
    return tap.results('boots/keyboard', screen.all.decode(errors='replace'))


def answer_request(screen):
    """Type what keyboard.c asks for next. False: it came to its end."""
    found = screen.expect(rb'<type (\d+) ([0-9a-f]*)>|\n1\.\.\d+\r*\n', 60)
    if not found.group(1):
        return False
    time.sleep(int(found.group(1)) / 1000)
    screen.send(bytes.fromhex(found.group(2).decode()).decode())
    return True


def small_blocks():
    with guest.work() as folder:
        root = guest.fresh_root(folder, guest.test_programs(), block_bytes=1024)
        image.add(root, *guest.special('runner'))
        out = target.run_programs(['/test/files', '/test/mapping'], 'boots/1 KiB blocks/', root)
        try:
            guest.clean_disk(root)
            return out + [Result('boots/1 KiB blocks: the disk is clean', True)]
        except Failed as error:
            return out + [Result('boots/1 KiB blocks: the disk is clean', False, str(error))]


def power_cut(seed):
    """QEMU is killed at a random moment of heavy work: e2fsck -p mends the disk without questions,
    the next system works on it and leaves it clean."""
    moment = random.Random(seed).uniform(0.2, 4.0)
    with guest.work() as folder:
        root = guest.fresh_root(folder, [guest.special('churn')])
        for _ in range(2):
            churn_and_cut(folder, root, seed, moment)
            status, words = run_program(['/usr/sbin/e2fsck', '-f', '-p', root], 60)
            check(status in (0, 1), 'e2fsck -p: ' + words)
            status, words = run_program(['/usr/sbin/e2fsck', '-fn', root], 60)
            check(status == 0, 'e2fsck -fn: ' + words)
        run_well(['sh', '-c', 'ls /home/d0 >/dev/null && echo x > /home/after && cat /home/after'],
                 root=root)
        guest.clean_disk(root)


def churn_and_cut(folder, root, seed, moment):
    """Boot, let special/churn.c work for `moment` seconds, kill QEMU."""
    begun, pid_file = threading.Event(), os.path.join(folder, 'pid')

    def cut():
        if begun.wait(60):
            time.sleep(moment)
            with open(pid_file, encoding='ascii') as file:
                os.kill(int(file.read()), signal.SIGKILL)
    reader, writer = os.pipe()
    cutter = threading.Thread(target=cut)
    cutter.start()
    try:
        got = guest.converse(folder, ['/special/churn', str(seed)], (), root, reader, 60,
                             watch=lambda _: begun.set(), extra=['-pidfile', pid_file])
        check(got.status is None and begun.is_set(), got.everything())
    finally:
        begun.set()
        cutter.join()
        os.close(reader)
        os.close(writer)
