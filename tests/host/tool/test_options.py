"""The command line: what is understood, and what is refused with one line and the usage."""
import contextlib
import io
import unittest

from faultline import main, options
from faultline.common import EXIT_USAGE, UsageError


class Options(unittest.TestCase):
    def test_defaults(self):
        parsed = options.parse_exec(['--', 'ls', '-l', '--', 'x'])
        self.assertEqual((parsed.mem, parsed.swap, parsed.command),
                         (64 << 20, 128 << 20, ['ls', '-l', '--', 'x']))

    def test_pairs(self):
        parsed = options.parse_exec(['--add', 'a:b:/g/h', '--get', '/g:o:ut', '--', 'x'])
        self.assertEqual((parsed.add, parsed.get), ([('a:b', '/g/h')], [('o:ut', '/g')]))

    def test_sizes(self):
        for text, want in (('64M', 64), ('1G', 1024), ('32768K', 32), ('33554432', 32)):
            self.assertEqual(options.parse_run(['--mem', text]).mem, want << 20)

    def test_nonsense_is_refused(self):
        for argv in (['--'], ['ls'], ['--mem', '1M', '--', 'x'], ['--mem', 'M', '--', 'x'],
                     ['--swap', '-1M', '--', 'x'], ['--policy', 'a b', '--', 'x'],
                     ['--smp', '0', '--', 'x'], ['--timeout', 'nan', '--', 'x'],
                     ['--timeout', '0', '--', 'x'], ['--add', 'a:b', '--', 'x'],
                     ['--get', 'a:b', '--', 'x'], ['--what', '--', 'x'], ['extra', '--', 'x'],
                     ['--mem', '64.5M', '--', 'x'], ['--', '']):
            with self.assertRaises(UsageError, msg=argv):
                options.parse_exec(argv)

    def test_every_refusal_is_one_line_and_the_usage(self):
        for argv in (['nonsense'], ['run', 'x'], ['exec'], ['clean', '--all'], ['bench', '-j']):
            words = io.StringIO()
            with contextlib.redirect_stderr(words):
                self.assertEqual(main.main(argv), EXIT_USAGE)
            lines = words.getvalue().splitlines()
            self.assertEqual(len(lines), 2, lines)
            self.assertTrue(lines[1].startswith('usage: '))

    def test_no_arguments_and_help_list_every_command(self):
        for argv in ([], ['help'], ['--help']):
            words = io.StringIO()
            with contextlib.redirect_stdout(words):
                self.assertEqual(main.main(argv), 0)
            for name in main.COMMANDS:
                self.assertIn('./faultline ' + name, words.getvalue())


if __name__ == '__main__':
    unittest.main()
