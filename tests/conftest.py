"""One thread for products in the tests too, as in the worker and on the command line: so their bytes can be compared."""

from mannerism.core.threads import use_one_thread

use_one_thread()
