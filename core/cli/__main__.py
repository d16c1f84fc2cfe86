"""`python -m mannerism.core.cli`."""

import sys

from .main import main

sys.exit(main())
