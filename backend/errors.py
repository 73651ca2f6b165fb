"""The errors of Walk-in, as a tree.

    WalkinError
    ├── ConfigurationError      a setting, template or rulebook is wrong: the start stops
    ├── InputError              a caller's value is wrong: expected, what came, and where
    ├── FrameError              a client's frame is refused; carries its wire code
    ├── ModelError              the language model failed a turn
    │   ├── ModelUnavailableError   it could not be reached or would not serve: worth a retry
    │   └── ModelFailedError        it answered, and the answer is unusable
    └── StorageUnavailableError     nothing was accepted: worth a retry

Each message is one sentence for a person. ``code`` is the error's name on the wire
(see ``docs/protocol.md``), ``retryable`` whether the same request may succeed later.
"""

from typing import ClassVar


class WalkinError(Exception):
    """Anything that Walk-in raises on purpose."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False


class ConfigurationError(WalkinError):
    """The service can not start with what it was given."""


class InputError(WalkinError):
    """A value from outside is not what was expected."""


class FrameError(WalkinError):
    """A frame that is not taken in.

    Args:
        code: the wire's error code, such as ``bad_frame``.
        message: a sentence for the person who wrote the client.
        ref: the frame's ``id``, when it could be read.
    """

    def __init__(self, code: str, message: str, ref: str | None = None) -> None:
        super().__init__(message)
        self.wire_code = code
        self.message = message
        self.ref = ref


class ModelError(WalkinError):
    """The language model did not give a usable reply."""

    code = "model_failed"


class ModelUnavailableError(ModelError):
    """The language model can not be reached, or refuses to serve just now."""

    code = "model_unavailable"
    retryable = True


class ModelFailedError(ModelError):
    """The language model's answer broke off or can not be read."""


class StorageUnavailableError(WalkinError):
    """The store did not take a record: nothing was accepted."""

    code = "storage_unavailable"
    retryable = True
