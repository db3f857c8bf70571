"""A session with a fake guest: streams, status, timeouts, early ends."""
import os
import subprocess
import sys
import tempfile
import unittest

from faultline import frames, session
from faultline.common import EXIT_TIMEOUT, Failure

GUEST = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'fake_guest.py')


class Conversation(unittest.TestCase):
    def talk(self, act, source=None, seconds=None):
        """=> (status, {type: bytes})."""
        got = {frames.OUT: b'', frames.ERR: b'', frames.LOG: b''}

        def sink(kind):
            def take(data):
                got[kind] += data
            return take
        process = subprocess.Popen([sys.executable, GUEST, act], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, bufsize=0)
        try:
            line = session.Session(process, {kind: sink(kind) for kind in got}, source, seconds)
            return session.converse(line), got
        finally:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()

    def test_input_comes_back_whole_and_its_end_is_told(self):
        data = os.urandom(300000)
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.seek(0)
            status, got = self.talk('echo', file.fileno(), 20)
        self.assertEqual(status, 7)
        self.assertEqual(got[frames.OUT], data)
        self.assertEqual(got[frames.LOG], b'firmware\r\n')

    def test_no_source_is_an_empty_input(self):
        self.assertEqual(self.talk('echo', None, 20)[0], 7)

    def test_a_pipe_as_source(self):
        reader, writer = os.pipe()
        os.write(writer, b'abc')
        os.close(writer)
        status, got = self.talk('echo', reader, 20)
        os.close(reader)
        self.assertEqual((status, got[frames.OUT]), (7, b'abc'))

    def test_streams_stay_apart(self):
        status, got = self.talk('flood', None, 20)
        self.assertEqual((status, len(got[frames.OUT]), got[frames.ERR]), (0, 1 << 20, b'some'))

    def test_a_hang_ends_with_124(self):
        self.assertEqual(self.talk('hang', None, 0.5)[0], EXIT_TIMEOUT)

    def test_no_status_is_a_failure(self):
        with self.assertRaises(Failure):
            self.talk('silent', None, 20)

    def test_a_guest_that_lingers_after_its_status_is_cut(self):
        old, session.END_SECONDS = session.END_SECONDS, 0.3
        try:
            self.assertEqual(self.talk('late', None, 20)[0], 3)
        finally:
            session.END_SECONDS = old


if __name__ == '__main__':
    unittest.main()
