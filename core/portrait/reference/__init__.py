"""What is kept about the person of a reference: consent."""
