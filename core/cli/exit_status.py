"""Exit statuses of the command line."""

DONE = 0
SOME_FAILED = 1
"""Some items failed, and are listed."""
REFUSED = 2
"""Bad usage or unreadable input."""
INTERRUPTED = 130
