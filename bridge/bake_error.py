"""How far a bake may differ from what the viewport shows, unless the animator says otherwise."""

DEGREES = 0.1
MILLIMETRES = 0.2
