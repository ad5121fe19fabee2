"""`python -m endpoint`: the same as the command `carta-endpoint`."""

import sys

from endpoint.cli import main

sys.exit(main())
