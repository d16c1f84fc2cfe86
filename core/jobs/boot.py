"""The worker's entry point, run by any Python that has the packages: `python -s boot.py [WHEELS]`.

The parent talks through stdin and the original stdout. WHEELS is the folder of an extension's unpacked
wheels; it goes last on the path, so that nothing in it shadows the Python's own packages.
"""

import importlib.util
import os
import sys
from pathlib import Path
from typing import BinaryIO

PACKAGE = "mannerism"


def claim_stdout() -> BinaryIO:
    """The original stdout, for messages only; whatever else is printed goes to stderr from now on.

    Native libraries write to descriptor 1 themselves, so the descriptor is moved, not just `sys.stdout`.
    """
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return channel


def register_package(root: Path) -> None:
    """Make the folder `root`, whatever its name, importable as the package, without its parent's neighbours."""
    spec = importlib.util.spec_from_file_location(
        PACKAGE, root / "__init__.py", submodule_search_locations=[str(root)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{root} holds no package")
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)


def main() -> None:
    """Serve the table of jobs until stdin ends."""
    channel = claim_stdout()
    here = Path(__file__).resolve().parent
    # A script's own folder leads the path: its modules would answer to any `import jobs`.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    sys.path += sys.argv[1:]
    register_package(here.parents[1])
    from mannerism.core.threads import use_one_thread

    use_one_thread()
    from mannerism.core.data_folder import worker_log
    from mannerism.core.jobs.table import JOBS
    from mannerism.core.logs import log_to_file
    from mannerism.core.worker.server import serve

    log_to_file(worker_log())
    serve(sys.stdin.buffer, channel, JOBS)


if __name__ == "__main__":
    main()
