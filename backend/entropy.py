"""Fresh identifiers and secrets: what must *not* be reproducible, and is therefore handed in."""

import secrets
import uuid
from typing import Protocol


class Entropy(Protocol):
    """A source of values that nobody can guess."""

    def session_id(self) -> str:
        """Return a new public session id."""
        ...

    def resume_token(self) -> str:
        """Return a new secret of at least 256 bits."""
        ...

    def epoch(self) -> str:
        """Return a name for a new run of offsets."""
        ...


class SystemEntropy:
    """The operating system's source."""

    def session_id(self) -> str:
        """Return a UUID4."""
        return str(uuid.uuid4())

    def resume_token(self) -> str:
        """Return 256 random bits, URL-safe."""
        return secrets.token_urlsafe(32)

    def epoch(self) -> str:
        """Return 64 random bits in hex."""
        return secrets.token_hex(8)
