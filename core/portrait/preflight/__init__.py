"""Checks of a reference video before anything is made of it."""
