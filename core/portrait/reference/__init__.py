"""Which file a reference is, and the consent of the person in it."""
