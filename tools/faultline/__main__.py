"""Entry of `python3 -m faultline`."""
import sys

from faultline.main import main

sys.exit(main(sys.argv[1:]))
