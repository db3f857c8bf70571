"""The framed console's decoder: any cut of the stream gives the same bytes per type."""
import os
import random
import unittest

from faultline import frames

SEED = int(os.environ.get('SEED', '1'))


def joined(pieces):
    """Bytes per type, in order."""
    out = {}
    for kind, data in pieces:
        out[kind] = out.get(kind, b'') + data
    return out


def decoded(stream, cuts):
    decoder, out, last = frames.Decoder(), [], 0
    for cut in sorted(cuts) + [len(stream)]:
        out += decoder.feed(stream[last:cut])
        last = cut
    return joined(out + decoder.finish())


class Decoding(unittest.TestCase):
    def test_text_outside_of_frames_is_log(self):
        self.assertEqual(decoded(b'OpenSBI v1.1\r\n', []), {frames.LOG: b'OpenSBI v1.1\r\n'})

    def test_each_type_comes_out_as_sent(self):
        stream = (b'boot' + frames.encode(frames.OUT, b'\0\x01\xfa\x01') +
                  frames.encode(frames.ERR, b'e') + frames.encode(frames.LOG, b'!') +
                  frames.encode(frames.STATUS, b'\x2a\0\0\0'))
        want = {frames.LOG: b'boot!', frames.OUT: b'\0\x01\xfa\x01', frames.ERR: b'e',
                frames.STATUS: b'\x2a\0\0\0'}
        for cut in range(len(stream)):
            self.assertEqual(decoded(stream, [cut]), want, cut)

    def test_random_streams_cut_anywhere(self):
        rng = random.Random(SEED)
        for turn in range(300):
            stream, want = b'', {}
            for _ in range(rng.randrange(1, 12)):
                kind = rng.choice((frames.OUT, frames.ERR, frames.LOG))
                data = bytes(rng.choice(b'\x01\xfa\x00ab') for _ in range(rng.randrange(1, 40)))
                stream += frames.encode(kind, data)
                want[kind] = want.get(kind, b'') + data
            cuts = [rng.randrange(len(stream)) for _ in range(rng.randrange(8))]
            self.assertEqual(decoded(stream, cuts), want, 'SEED=%d turn %d' % (SEED, turn))

    def test_what_looks_like_a_frame_but_is_none_is_log(self):
        for stream in (b'\x01', b'\x01x', b'\x01\xfa', b'\x01\xfa\x09\x01\x00z',
                       b'\x01\xfa\x04\x05\x00abcde', b'\x01\x01\xfa'):
            self.assertEqual(decoded(stream, []), {frames.LOG: stream})

    def test_an_empty_frame_counts(self):
        decoder = frames.Decoder()
        self.assertEqual(decoder.feed(frames.encode(frames.LOG, b'')), [])
        self.assertEqual(decoder.frames, 1)

    def test_a_frame_cut_by_the_end_keeps_what_came(self):
        self.assertEqual(decoded(frames.encode(frames.OUT, b'abcdef')[:-2], []),
                         {frames.OUT: b'abcd'})


if __name__ == '__main__':
    unittest.main()
