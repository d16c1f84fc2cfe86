"""What the code that reads a file of the user's may raise where the file is damaged: each is a refusal, no traceback."""

import struct

DAMAGED = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, struct.error)
