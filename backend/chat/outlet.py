"""Where a conversation's frames go: the socket, as the conversation sees it."""

from typing import Protocol

from backend.wire import CloseCode


class Outlet(Protocol):
    """One attached client."""

    @property
    def lagging(self) -> bool:
        """Whether frames wait that the client has not been sent yet."""
        ...

    def put(self, frame: str) -> None:
        """Queue a frame; never blocks. A client that is too far behind is put out."""
        ...

    async def caught_up(self) -> None:
        """Wait until the client no longer lags, or is gone."""
        ...

    def close(self, code: CloseCode, reason: str) -> None:
        """Close the socket after what is queued; what is put later is dropped."""
        ...
