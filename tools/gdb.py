"""Commands for gdb on a running Faultline kernel (`./faultline debug` loads this).

threads            every thread: state, priority, pc, badge, faults, what it waits for
cspace THREAD      the capabilities of a thread's CSpace
vspace THREAD      what a thread's page tables map, run by run
endpoints          every endpoint and notification: who waits, what is pending
program NAME       symbols of a server or program (build/riscv/NAME.elf, build/riscv/bin/NAME)

THREAD is an address as `threads` prints it, or nothing for the running one. Everything is found from
the running thread: its capabilities hang in the derivation tree of all others.
"""
import os

import gdb

TYPES = ('-', 'untyped', 'cspace', 'tcb', 'endpoint', 'notification', 'reply', 'vspace', 'region',
         'irq', 'timer', 'irq-control')
STATES = ('stopped', 'ready', 'receiving', 'sending', 'waiting', 'faulted')
REPLY_STATES = ('free', 'armed', 'holds')
OBJ_CSPACE, OBJ_TCB, OBJ_ENDPOINT, OBJ_NOTIFICATION, OBJ_REPLY, OBJ_VSPACE = 2, 3, 4, 5, 6, 7
OBJ_REGION = 8
DIRECT_MAP = 0xffffffc000000000
PTE_FLAGS = 'VRWXUGAD'
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def number(value):
    return int(value) & 0xffffffffffffffff


def hexadecimal(value):
    return '%#x' % number(value)


def current():
    return gdb.parse_and_eval('the_cpu.current')


def as_object(cap, name):
    """What a capability points to, as struct `name`."""
    return cap['pointer'].cast(gdb.lookup_type('struct ' + name).pointer())


def thread_of(argument):
    """The thread that a command's argument names."""
    if not argument.strip():
        return current()
    kind = gdb.lookup_type('struct tcb').pointer()
    return gdb.parse_and_eval(argument).cast(kind)


def ancestor(cap):
    while number(cap['parent']):
        cap = cap['parent']
    return cap


def below(cap):
    """Every capability derived from `cap`, itself first."""
    waiting = [cap]
    while waiting:
        cap = waiting.pop()
        yield cap
        child = cap['child']
        while number(child):
            waiting.append(child)
            child = child['next']


def roots():
    """The capabilities that the running thread's come from."""
    thread = current()
    caps = [thread['cspace_cap'].address]
    caps += [thread['slots'][i].address for i in range(int(thread['nslots']))]
    tops = [ancestor(cap) for cap in caps if int(cap['type'])]
    return {number(top): top for top in tops}.values()


def objects(kind):
    """Every object of a type: {address: one of its capabilities}."""
    found = {}
    for top in roots():
        for cap in below(top):
            if int(cap['type']) == kind:
                found.setdefault(number(cap['pointer']), cap)
    return found


def queue(head):
    """Threads of a queue, as text."""
    names = []
    while number(head):
        names.append(hexadecimal(head))
        head = head['qnext']
    return ' '.join(names)


class Threads(gdb.Command):
    """List every thread."""

    def __init__(self):
        super().__init__('threads', gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        print('%-20s %-9s %4s %-14s %-10s %8s' % ('thread', 'state', 'prio', 'pc', 'badge',
                                                  'faults'))
        unused = 0
        for address, cap in sorted(objects(OBJ_TCB).items()):
            thread = as_object(cap, 'tcb')
            if STATES[int(thread['state'])] == 'stopped' and not number(thread['regs'][0]):
                unused += 1
                continue
            mark = '*' if address == number(current()) else ' '
            print('%s%-19s %-9s %4d %-14s %-10s %8d  %s' % (
                mark, hexadecimal(address), STATES[int(thread['state'])], int(thread['priority']),
                hexadecimal(thread['regs'][0]), hexadecimal(thread['fault_cap']['badge']),
                int(thread['faults']), self.fault(thread)))
        print('%d more that wait for a process' % unused)

    @staticmethod
    def fault(thread):
        if STATES[int(thread['state'])] != 'faulted':
            return ''
        return 'scause=%#x stval=%#x' % (number(thread['scause']), number(thread['stval']))


class Cspace(gdb.Command):
    """List the capabilities of a thread."""

    def __init__(self):
        super().__init__('cspace', gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        thread = thread_of(argument)
        for slot in range(int(thread['nslots'])):
            cap = thread['slots'][slot]
            kind = int(cap['type'])
            if kind:
                print('%5d %-13s rights %#04x  %s' % (slot, TYPES[kind], int(cap['rights']),
                                                      self.detail(cap, kind)))

    @staticmethod
    def detail(cap, kind):
        if kind == OBJ_REGION:
            return 'frames %#x + %d' % (int(cap['pfn']), int(cap['npages']))
        if kind == OBJ_REPLY:
            reply = as_object(cap, 'reply')
            return '%s %s' % (REPLY_STATES[int(reply['state'])],
                              hexadecimal(reply['tcb']) if number(reply['tcb']) else '')
        return '%s badge %s' % (hexadecimal(cap['pointer']), hexadecimal(cap['badge']))


def physical_word(paddr):
    """The 64-bit word at a physical address, through the kernel's direct map."""
    memory = gdb.selected_inferior().read_memory(paddr + DIRECT_MAP, 8)
    return int.from_bytes(memory.tobytes(), 'little')


def leaves(table, level, va):
    """(va, bytes, PTE) of every leaf below a table (RISC-V Privileged Spec, "Sv39")."""
    memory = gdb.selected_inferior().read_memory(table + DIRECT_MAP, 4096).tobytes()
    step = 1 << (12 + 9 * level)
    for i in range(256 if level == 2 else 512):
        pte = int.from_bytes(memory[8 * i:8 * i + 8], 'little')
        if not pte & 1:
            continue
        if pte & 0xe:
            yield va + i * step, step, pte
        else:
            yield from leaves(pte >> 10 << 12, level - 1, va + i * step)


class Vspace(gdb.Command):
    """Show what a thread's page tables map."""

    def __init__(self):
        super().__init__('vspace', gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        root = number(thread_of(argument)['vspace']['root'])
        root = root - DIRECT_MAP if root >= DIRECT_MAP else root
        run = None
        for va, step, pte in leaves(root, 2, 0):
            flags, frame = pte & 0x3ff, pte >> 10
            if run and run[1] == va and run[3] == flags and run[2] + (va - run[0] >> 12) == frame:
                run[1] = va + step
                continue
            self.show(run)
            run = [va, va + step, frame, flags]
        self.show(run)

    @staticmethod
    def show(run):
        if run:
            start, end, frame, flags = run
            letters = ''.join(c if flags >> i & 1 else '-' for i, c in enumerate(PTE_FLAGS))
            print('%#14x - %#14x  frame %#8x  %s' % (start, end, frame, letters))


class Endpoints(gdb.Command):
    """List endpoints and notifications."""

    def __init__(self):
        super().__init__('endpoints', gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        for address, cap in sorted(objects(OBJ_ENDPOINT).items()):
            endpoint = as_object(cap, 'endpoint')
            print('endpoint     %#x receivers [%s] senders [%s]' % (
                address, queue(endpoint['receivers']['head']), queue(endpoint['senders']['head'])))
        for address, cap in sorted(objects(OBJ_NOTIFICATION).items()):
            notification = as_object(cap, 'notification')
            print('notification %#x bits %s' % (address, hexadecimal(notification['word'])))


class Program(gdb.Command):
    """Load symbols of a server or a program."""

    def __init__(self):
        super().__init__('program', gdb.COMMAND_FILES, gdb.COMPLETE_FILENAME)

    def invoke(self, argument, from_tty):
        for path in ('build/riscv/%s.elf', 'build/riscv/bin/%s', 'build/riscv/test/%s'):
            full = os.path.join(TOP, path % argument)
            if os.path.exists(full):
                gdb.execute('add-symbol-file %s' % full)
                return
        raise gdb.GdbError('there is no program ' + argument)


for command in (Threads, Cspace, Vspace, Endpoints, Program):
    command()
