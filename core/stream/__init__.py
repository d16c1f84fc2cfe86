"""Sound that arrives in chunks to head motion with a bounded look-ahead."""
