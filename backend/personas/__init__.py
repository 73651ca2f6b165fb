"""Behavioural personas: rulebooks in YAML, and what they decide for a table of signals."""
