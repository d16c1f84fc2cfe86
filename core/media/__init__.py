"""Media files: one reader of pictures and one of sound, used by every room."""
