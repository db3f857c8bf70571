"""A program on a pseudo terminal, driven by what it prints: enough of `expect` for our tests."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from harness.result import Failed


def _own_terminal():
    """In the child: its stdin controls its session, so that ^C there is a signal."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """argv runs with a terminal of its own. Use as a context manager: it is killed at the end."""

    def __init__(self, argv, env=None, size=(24, 80)):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', *size, 0, 0))
        self.process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=env,
                                        start_new_session=True, preexec_fn=_own_terminal)
        os.close(slave)
        self.seen = b''         # printed and not yet expected
        self.all = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.master)

    def send(self, text):
        os.write(self.master, text.encode())

    def expect(self, pattern, seconds=30):
        """Wait until `pattern` (a regular expression on bytes) was printed. => the match.
        What came up to its end is consumed. Failed after `seconds`, or if the program ended."""
        deadline = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.seen)
            if found:
                self.seen = self.seen[found.end():]
                return found
            if not self._read(deadline - time.monotonic()):
                raise Failed('expected %r, got: ...%s' % (
                    pattern, self.all[-2000:].decode(errors='replace')))

    def finish(self, seconds=30):
        """Wait for the program's end. => its status."""
        deadline = time.monotonic() + seconds
        while self._read(deadline - time.monotonic()):
            pass
        try:
            return self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise Failed('did not end: ' + self.all[-2000:].decode(errors='replace')) from None

    def _read(self, seconds):
        """Take what was printed. False if nothing came in time or nothing more will."""
        if seconds <= 0 or not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:         # the other side is closed
            return False
        self.seen += data
        self.all += data
        return bool(data)
