"""One thread for products in the tests too, as in the worker and on the command line: so their bytes can be compared."""

import os
import tempfile

from mannerism.core.threads import use_one_thread

use_one_thread()

# Logs, consent and caches of tests are no business of the user's own folder.
_DATA = tempfile.TemporaryDirectory(prefix="mannerism-tests-")
os.environ["MANNERISM_DATA"] = _DATA.name
