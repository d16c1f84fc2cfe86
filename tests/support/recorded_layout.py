"""A layout of Blender's that records what panels draw."""


class Layout:
    """A `UILayout` that records every call; rows and columns are the layout itself."""

    def __init__(self):
        self.drawn = []

    def __getattr__(self, name):
        def call(*arguments, **options):
            self.drawn.append((name, *arguments, *options.values()))
            return self

        return call

    def text(self):
        return " | ".join(str(part) for entry in self.drawn for part in entry)
