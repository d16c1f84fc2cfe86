"""The jobs that a worker process runs: their table, and its entry point."""
