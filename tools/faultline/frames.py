"""The framed console of exec: bytes of several streams over one serial line.

Guest to host and host to guest: 0x01 0xFA type length(16 bits, little endian) payload.
Types: IN (host to guest; length 0 = end of input), OUT, ERR, LOG, STATUS (four bytes, last).
What comes between frames is text of those who know no frames (firmware, kernel): it counts as LOG.
The guest sends its first frame when its console is ready for input.
"""
import struct

IN, OUT, ERR, LOG, STATUS = range(5)
MARK = b'\x01\xfa'
HEAD_BYTES = 5
MAX_PAYLOAD = 0xffff


def encode(kind, payload):
    """One frame. => len(payload) <= MAX_PAYLOAD."""
    return MARK + struct.pack('<BH', kind, len(payload)) + payload


class Decoder:
    """Cuts what the guest sends into (type, bytes), whatever the pieces it arrives in.

    frames counts real frames. Payload of a frame comes out as it arrives, not when it is whole;
    only STATUS is held until all four bytes are there.
    """

    def __init__(self):
        self.frames = 0
        self.kind = LOG
        self.left = 0       # payload bytes of the open frame still to come
        self.held = b''     # start of a header, or of a STATUS payload

    def feed(self, data):
        """The pieces in `data`, in order: a list of (type, bytes)."""
        out = []
        data = self.held + data
        self.held = b''
        while data:
            data = self._payload(data, out) if self.left else self._between(data, out)
        return out

    def finish(self):
        """The line is dead: what was held back, as LOG."""
        rest, self.held, self.left = self.held, b'', 0
        return [(LOG, rest)] if rest else []

    def _payload(self, data, out):
        if self.kind == STATUS and len(data) < self.left:
            self.held = data
            return b''
        piece, data = data[:self.left], data[self.left:]
        self.left -= len(piece)
        out.append((self.kind, piece))
        return data

    def _between(self, data, out):
        start = data.find(MARK[:1])
        if start != 0:
            text = data if start < 0 else data[:start]
            out.append((LOG, text))
            return data[len(text):]
        if len(data) < HEAD_BYTES and MARK.startswith(data[:2]):
            self.held = data
            return b''
        if not self._open(data[:HEAD_BYTES]):
            out.append((LOG, data[:1]))
            return data[1:]
        return data[HEAD_BYTES:]

    def _open(self, head):
        """Begin the frame that `head` announces; False if it announces none."""
        kind, length = struct.unpack('<BH', head[2:]) if head[:2] == MARK else (0, 0)
        if kind not in (OUT, ERR, LOG, STATUS) or (kind == STATUS and length != 4):
            return False
        self.kind, self.left = kind, length
        self.frames += 1
        return True
