"""A request to end, by key or by signal, that tidies up and says what is left."""

import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import typer

_INTERRUPTED: Final = 130  # 128 and the number of SIGINT, as shells have it


@contextmanager
def until_told_to_stop(
    left: str, *, at_once: bool = True
) -> Generator[Callable[[], None], None, None]:
    """Have a request to end raise KeyboardInterrupt in here, and then say what is ``left``.

    Args:
        left: what the sentence says of it.
        at_once: False where work is not to be broken off anywhere. The first request is then
            heeded when what is given here is called, and a second one at once.

    Raises:
        typer.Exit: with status 130, after all that is open in here was closed.
    """
    requests: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
        requests.append(number)
        if at_once or len(requests) > 1:
            raise KeyboardInterrupt

    def heed() -> None:
        if requests:
            raise KeyboardInterrupt

    # Polars panics in its threads when a key breaks off its writing, unless the handler is ours
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield heed
    except KeyboardInterrupt:
        typer.echo(f"walkin: interrupted; {left}.", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
