"""The harness's own readers: TAP lines, the runner's marks, the bench's rows."""
import unittest

from faultline import benchmark
from harness import tap, target


def short(results):
    return [(result.name, result.passed) for result in results]


class Tap(unittest.TestCase):
    def test_lines_become_results(self):
        text = 'ok 1 - this works\r\n# because: of that\nnot ok 2 - that\n1..2\n'
        got = tap.results('p', text)
        self.assertEqual(short(got), [('p: this works', True), ('p: that', False)])
        self.assertEqual(got[1].words, 'because: of that')

    def test_an_early_end_is_a_failure(self):
        for text in ('', 'ok 1 - one\n', 'ok 1 - one\n1..2\n', 'panic\n'):
            self.assertFalse(tap.results('p', text)[-1].passed, text)

    def test_the_end_may_be_no_test_at_all(self):
        self.assertEqual(tap.results('p', '1..0\n'), [])


class Marks(unittest.TestCase):
    def test_sections_and_ends(self):
        text = '@@ begin /t/a\nok 1 - x\n\n@@ end /t/a 0\n\n@@ begin /t/b\nhalf'
        self.assertEqual(target.sections(text),
                         {'/t/a': ('\nok 1 - x\n\n', 0), '/t/b': ('\nhalf', None)})

    def test_a_program_that_ended_badly_fails(self):
        self.assertEqual(target.ending('p', 0), [])
        self.assertEqual(target.ending('p', 1 << 8), [])
        for status in (None, -1, 11, 99 << 8):
            self.assertFalse(target.ending('p', status)[0].passed)


class Rows(unittest.TestCase):
    def test_rows_are_found_among_other_lines(self):
        self.assertEqual(benchmark.parse_rows('OpenSBI 1\r\nnull_syscall 99\r\nother 5\n'),
                         {'null_syscall': 99})

    def test_a_row_says_which_side_of_its_bound_it_is(self):
        self.assertIn('<=', benchmark.line('null_syscall', benchmark.ROWS['null_syscall'][0]))
        self.assertIn('> ', benchmark.line('null_syscall', benchmark.ROWS['null_syscall'][0] + 1))


if __name__ == '__main__':
    unittest.main()
