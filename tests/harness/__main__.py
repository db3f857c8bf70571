"""Entry of tests/run: the suite on a tree that is built."""
import sys

from faultline import options
from faultline.common import EXIT_USAGE, UsageError
from harness import suite

try:
    sys.exit(suite.run(options.parse_test(sys.argv[1:])))
except UsageError as error:
    print('tests/run: %s' % error, file=sys.stderr)
    sys.exit(EXIT_USAGE)
