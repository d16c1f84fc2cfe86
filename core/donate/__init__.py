"""Donations: head motion and prosody of a consenting person in one small file, for training."""
