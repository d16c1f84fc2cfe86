"""`python -m mannerism.core.cli`."""

import sys

from . import main

sys.exit(main())
