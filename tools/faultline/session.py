"""A framed session with a booted machine: streams go to and fro until the guest reports its status.

No threads: one poll loop over QEMU's pipes and our stdin. Input waits for the guest's first frame,
because before its console is there nobody keeps it.
"""
import collections
import os
import selectors
import time

from faultline import frames
from faultline.common import EXIT_SIGNAL, EXIT_TIMEOUT, Failure

READ_BYTES = 1 << 16
INPUT_BYTES = 1 << 12      # read of our stdin only while less than this waits for the guest
BOOT_SECONDS = 120         # a guest that sent no frame by then will not send one
END_SECONDS = 10           # from the status to the power-off
SIGPIPE = 13


class TimedOut(Exception):
    """The time given to the command is over."""


class Session:
    """Moves bytes between one QEMU process and sinks.

    sinks: {frames.OUT / ERR / LOG: function(bytes)}. source: descriptor of the guest's stdin or
    None for an empty one. status is None until the guest reported one.
    """

    def __init__(self, process, sinks, source=None, seconds=None):
        self.process = process
        self.sinks = sinks
        self.source = source
        self.decoder = frames.Decoder()
        self.status = None
        self.waiting = b''                       # encoded, not yet taken by QEMU
        self.ended_input = False
        self.tail = collections.deque(maxlen=4)  # last pieces of the log, for messages
        self.begin = time.monotonic()
        self.deadline = self.begin + seconds if seconds else None
        self.poll = selectors.PollSelector()
        self.watched = {}
        self.to_guest = process.stdin.fileno()
        self.from_guest = process.stdout.fileno()
        os.set_blocking(self.to_guest, False)
        self._watch(self.from_guest, selectors.EVENT_READ)

    def run(self):
        """Until the guest's line closes. => its status. Failure if it reported none; TimedOut."""
        while self._turn():
            pass
        for piece in self.decoder.finish():
            self._deliver(*piece)
        if self.status is None:
            raise Failure('the system ended without a status')
        return self.status

    def log_tail(self, lines=15):
        text = b''.join(self.tail).decode(errors='replace').replace('\r', '')
        return [line for line in text.splitlines() if line.strip()][-lines:]

    def _watch(self, fd, events):
        """Make `events` what the poll reports for fd; 0 = nothing."""
        if self.watched.get(fd, 0) == events:
            return
        if self.watched.get(fd, 0):
            self.poll.unregister(fd)
        if events:
            self.poll.register(fd, events)
        self.watched[fd] = events

    def _turn(self):
        """Wait for something and move it. False when the guest's line is closed."""
        listening = self.decoder.frames > 0 and self.status is None
        reading = listening and not self.ended_input and len(self.waiting) < INPUT_BYTES
        if self.source is None and reading:
            self._end_input()
        elif self.source is not None:
            self._watch(self.source, selectors.EVENT_READ if reading else 0)
        self._watch(self.to_guest, selectors.EVENT_WRITE if self.waiting else 0)
        for key, _ in self.poll.select(self._patience()):
            if key.fd == self.from_guest and not self._receive():
                return False
            if key.fd == self.to_guest:
                self._send()
            if key.fd == self.source:
                self._read_source()
        return True

    def _patience(self):
        """Seconds until the next deadline. Raises when one is over."""
        now = time.monotonic()
        left = 3600.0
        if self.deadline:
            left = self.deadline - now
            if left <= 0:
                raise TimedOut
        if not self.decoder.frames:
            boot = self.begin + BOOT_SECONDS - now
            if boot <= 0:
                raise Failure('the system did not boot in %d seconds' % BOOT_SECONDS)
            left = min(left, boot)
        return left

    def _receive(self):
        data = os.read(self.from_guest, READ_BYTES)
        for piece in self.decoder.feed(data):
            self._deliver(*piece)
        return bool(data)

    def _deliver(self, kind, data):
        if kind == frames.STATUS:
            self.status = int.from_bytes(data, 'little')
            self.deadline = time.monotonic() + END_SECONDS
            return
        if kind == frames.LOG:
            self.tail.append(data[-4096:])
        self.sinks[kind](data)

    def _read_source(self):
        try:
            data = os.read(self.source, INPUT_BYTES)
        except OSError:
            data = b''
        if data:
            self.waiting += frames.encode(frames.IN, data)
        else:
            self._end_input()

    def _end_input(self):
        self.waiting += frames.encode(frames.IN, b'')
        self.ended_input = True
        if self.source is not None:
            self._watch(self.source, 0)

    def _send(self):
        try:
            self.waiting = self.waiting[os.write(self.to_guest, self.waiting):]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self.waiting = b''


def converse(session):
    """Run a session. => exit status of the command `faultline exec`."""
    try:
        return session.run() & 0xff
    except TimedOut:
        return session.status & 0xff if session.status is not None else EXIT_TIMEOUT
    except BrokenPipeError:
        return EXIT_SIGNAL + SIGPIPE
