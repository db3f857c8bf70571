"""Disk images and the boot archive, against e2fsck, debugfs and cpio's own format."""
import os
import struct
import subprocess
import tempfile
import time
import unittest
from unittest import mock

from faultline import archive, image
from faultline.common import Failure


def put(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(data)
    return path


def data_of(path):
    with open(path, 'rb') as file:
        return file.read()


class Images(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.at = self.folder.name
        self.files = {'/bin/sh': (0o755, b'one'), '/etc/motd': (0o644, b'hello\n'),
                      '/usr/share/a b': (0o644, b'spaced')}
        for name, value in (('RUN', self.at), ('STAGE', self.at + '/stage'),
                            ('BASE', self.at + '/base.img'), ('contents', self.contents),
                            ('ROOT_BYTES', 16 << 20)):
            patch = mock.patch.object(image, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        self.addCleanup(self.folder.cleanup)

    def contents(self):
        return dict(self.files)

    def check(self, path):
        done = subprocess.run(['e2fsck', '-fn', path], env=image.TOOLS_ENV, capture_output=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def read(self, path, guest):
        target = os.path.join(self.at, 'out')
        image.get(path, guest, target)
        return data_of(target)

    def test_the_base_holds_the_files_and_is_clean(self):
        path = image.base()
        self.check(path)
        for guest, (_, data) in self.files.items():
            self.assertEqual(self.read(path, guest), data)
        self.assertEqual(image.exists(path, '/tmp'), 'directory')
        self.assertIsNone(image.exists(path, '/nothing'))

    def test_the_same_files_give_the_same_bytes(self):
        first = data_of(image.base())
        os.unlink(image.BASE)
        time.sleep(1.1)  # a time stamp of the host would be another one
        self.assertTrue(first == data_of(image.base()))

    def test_the_base_changes_with_its_contents(self):
        image.base()
        self.files['/bin/sh'] = (0o755, b'two')
        self.assertEqual(self.read(image.base(), '/bin/sh'), b'two')

    def test_a_kept_image_gets_rebuilt_programs_and_keeps_the_rest(self):
        kept = os.path.join(self.at, 'kept.img')
        image.kept(kept)
        image.add(kept, put(self.at + '/x/diary', b'dear'), '/home/diary')
        self.files['/bin/sh'] = (0o755, b'newer' * 9000)
        self.files['/bin/deep/new'] = (0o755, b'new')
        image.kept(kept)
        self.check(kept)
        self.assertEqual(self.read(kept, '/bin/sh'), b'newer' * 9000)
        self.assertEqual(self.read(kept, '/bin/deep/new'), b'new')
        self.assertEqual(self.read(kept, '/home/diary'), b'dear')
        mode = image.debugfs(kept, ['stat /bin/sh'])
        self.assertIn('0755', mode)

    def test_a_file_the_user_changed_stays_if_ours_did_not(self):
        kept = os.path.join(self.at, 'kept.img')
        image.kept(kept)
        image.add(kept, put(self.at + '/x/motd', b'mine\n'), '/etc/motd')
        image.kept(kept)
        self.assertEqual(self.read(kept, '/etc/motd'), b'mine\n')

    def test_trees_go_in_and_out(self):
        path = image.base()
        for name in ('t/a', 't/sub/b', 't/sub/deeper/c d'):
            put(os.path.join(self.at, name), name.encode())
        image.add(path, self.at + '/t', '/home/t')
        self.check(path)
        image.get(path, '/home/t', self.at + '/back')
        self.assertEqual(data_of(self.at + '/back/sub/deeper/c d'), b't/sub/deeper/c d')

    def test_what_is_not_there_is_said(self):
        path = image.base()
        with self.assertRaisesRegex(Failure, 'no /nothing'):
            image.get(path, '/nothing', self.at + '/x')
        with self.assertRaisesRegex(Failure, 'there is no'):
            image.add(path, self.at + '/missing', '/x')

    def test_a_foreign_disk_is_refused(self):
        path = put(os.path.join(self.at, 'foreign.img'), b'x' * 100000)
        with self.assertRaises(Failure):
            image.kept(path)

    def test_an_image_in_use_is_refused(self):
        path = image.base()
        with image.held(path), self.assertRaisesRegex(Failure, 'in use'):
            with image.held(path):
                self.fail('two holders')

    def test_one_kibibyte_blocks(self):
        path = image.base(1024)
        self.check(path)
        self.assertEqual(self.read(path, '/bin/sh'), b'one')


class Archives(unittest.TestCase):
    def test_cpio_lists_and_gives_back_the_files(self):
        files = [('small', b'1'), ('a', b'x' * 4097), ('empty', b''),
                 ('name-of-odd-length', b'123'), ('page', b'y' * 4096)]
        at, data, found = 0, archive.cpio_archive(files), []
        while True:
            self.assertEqual(data[at:at + 6], b'070701')
            size, length = (int(data[at + k:at + k + 8], 16) for k in (54, 94))
            name = data[at + 110:at + 109 + length].decode()
            start = -(-(at + 110 + length) // 4) * 4
            if name == 'TRAILER!!!':
                break
            if size >= 4096 and name != archive.PADDING:
                self.assertEqual(start % 4096, 0)
            if name != archive.PADDING:
                found.append((name, data[start:start + size]))
            at = -(-(start + size) // 4) * 4
        self.assertEqual(found, files)

    def test_the_root_program_is_padded_to_a_page(self):
        flat = struct.pack('<6Q', archive.ROOT_MAGIC, 0, 0, 0, 0, 5000) + bytes(4952)
        self.assertEqual(len(archive.padded_root(flat)), 8192)

    def test_a_root_program_without_header_is_refused(self):
        for flat in (b'', bytes(5000), struct.pack('<6Q', archive.ROOT_MAGIC, 0, 0, 0, 0, 4096)
                     + bytes(4096)):
            with self.assertRaises(Failure):
                archive.padded_root(flat)


if __name__ == '__main__':
    unittest.main()
