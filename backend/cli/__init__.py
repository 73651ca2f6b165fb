"""The command ``walkin``."""
