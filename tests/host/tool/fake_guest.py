"""A guest in place of QEMU: speaks frames on its stdin and stdout, as its argument tells it.

echo: input back as output until its end, status 7.   silent: closes without a status.
hang: a frame, then nothing.   flood: a megabyte out, some err, status 0.   late: status, no end.
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', '..', '..', 'tools'))
from faultline import frames  # noqa: E402


def send(kind, data):
    os.write(1, frames.encode(kind, data))


def read_exactly(count):
    data = b''
    while len(data) < count:
        data += os.read(0, count - len(data))
    return data


def echo():
    while True:
        head = read_exactly(frames.HEAD_BYTES)
        length = int.from_bytes(head[3:], 'little')
        assert head[:3] == frames.MARK + b'\0'
        if not length:
            return 7
        send(frames.OUT, read_exactly(length))


def flood():
    for i in range(1024):
        send(frames.OUT, bytes([i & 255]) * 1024)
    send(frames.ERR, b'some')
    return 0


def main(act):
    os.write(1, b'firmware\r\n')
    if act == 'silent':
        return
    send(frames.LOG, b'')
    if act == 'hang':
        time.sleep(30)
    status = {'echo': echo, 'flood': flood, 'late': lambda: 3}[act]()
    send(frames.STATUS, status.to_bytes(4, 'little'))
    if act == 'late':
        time.sleep(30)


main(sys.argv[1])
