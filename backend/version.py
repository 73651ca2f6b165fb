"""The version of the generator, which is part of every customer's identity."""

GENERATOR_VERSION = "2"
"""Raised whenever any byte of any customer changes; the golden tests enforce it."""
