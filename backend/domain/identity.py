"""Whom one session id stands for."""

from typing import Literal, TypeAlias

Identity: TypeAlias = Literal["mode", "session"]
"""``mode``: somebody else in each mode. ``session``: the same person in every mode."""
