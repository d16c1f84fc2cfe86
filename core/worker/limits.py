"""How long jobs may take. Reading it imports nothing: `--help` lists it."""

LINE_S = 600.0
"""A line of a batch, with the start of its worker: far beyond what an hour of speech takes."""
