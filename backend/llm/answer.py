"""A streamed chat completion, folded event by event into text, an end and a count.

Pure: data in, text out. The shapes are those of the "chat.completion.chunk" objects of the
OpenAI API reference; only ``choices[0].delta.content``, ``finish_reason`` and ``usage`` are
read.
"""

import json
from typing import Any, Final, Literal

from pydantic_core import from_json

from backend.errors import ModelFailedError
from backend.ports import Finish
from backend.strictjson import well_formed

# "eos" and "eos_token" are what Together and text-generation-inference say for "stop"
ENDINGS: Final[dict[str, Literal["stop", "length"]]] = {
    "stop": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "length": "length",
}
UNUSABLE: Final = {
    "content_filter": "The language model's provider withheld the rest of the answer"
    " (its content filter stepped in).",
    "tool_calls": "The language model asked for a tool, and none was offered to it.",
    "function_call": "The language model asked for a tool, and none was offered to it.",
}
GARBLED: Final = "The language model's answer can not be read: part of it is garbled."


class Answer:
    """What has come of one answer so far."""

    __slots__ = ("_held", "_input_tokens", "_output_tokens", "_parts", "done", "ending")

    def __init__(self) -> None:
        self.ending: Literal["stop", "length"] | None = None
        self.done = False
        self._parts: list[str] = []
        self._held = ""
        self._input_tokens: int | None = None
        self._output_tokens: int | None = None

    def take(self, data: bytes) -> None:
        """Take in one event's data.

        Raises:
            ModelFailedError: the event makes the answer unusable; text of earlier events stays.
        """
        if data == b"[DONE]":
            self.done = True
            return
        chunk = _parse(data)
        if not isinstance(chunk, dict):
            raise ModelFailedError(GARBLED)
        if chunk.get("error") is not None:
            raise ModelFailedError(
                "The language model's provider broke the answer off with a fault."
            )
        choices = chunk.get("choices")
        if choices:
            self._take_choice(choices)
        usage = chunk.get("usage")
        if isinstance(usage, dict):
            self._input_tokens = _count(usage.get("prompt_tokens"))
            self._output_tokens = _count(usage.get("completion_tokens"))

    def text(self) -> str:
        """Return the text that came since the last call, fit for JSON and for storing.

        The first half of a surrogate pair is held back until the second one came.
        """
        if not self._parts:
            return ""
        text = self._held + "".join(self._parts)
        self._parts.clear()
        self._held = text[-1] if "\ud800" <= text[-1] <= "\udbff" else ""
        return well_formed(text[:-1] if self._held else text)

    def rest(self) -> str:
        """Return what is still held back, now that no more will come."""
        text = well_formed(self.text() + self._held)
        self._held = ""
        return text

    def finish(self) -> Finish:
        """Return the end of the answer, to be asked for once nothing more comes.

        Raises:
            ModelFailedError: it never said that it is finished.
        """
        if self.ending is None:
            # some providers send null on whole answers (Ollama did): they can not be told from
            # answers that were cut off, and a cut one must never pass for a whole one
            raise ModelFailedError("The language model's answer broke off before its end.")
        return Finish(self.ending, self._input_tokens, self._output_tokens)

    def _take_choice(self, choices: Any) -> None:  # noqa: ANN401 - whatever the provider sent
        try:
            choice = choices[0]
            delta = choice.get("delta") or {}
            content = delta.get("content")
            reason = choice.get("finish_reason")
        except (AttributeError, KeyError, TypeError):
            raise ModelFailedError(GARBLED) from None
        if content:
            self._add(content)
        if delta.get("tool_calls") or delta.get("function_call"):
            raise ModelFailedError(UNUSABLE["tool_calls"])
        if reason is not None:
            self._end(reason)

    def _add(self, content: object) -> None:
        if not isinstance(content, str):
            raise ModelFailedError(GARBLED)
        if self.ending is not None:
            raise ModelFailedError("The language model went on after it had finished its answer.")
        self._parts.append(content)

    def _end(self, reason: object) -> None:
        known = reason if isinstance(reason, str) else ""
        if known not in ENDINGS:
            raise ModelFailedError(
                UNUSABLE.get(
                    known, "The language model stopped for a reason that is not known here."
                )
            )
        self.ending = self.ending or ENDINGS[known]


def _parse(data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return from_json(data)
    except ValueError:
        return _parse_loosely(data)


def _parse_loosely(data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    # half a surrogate pair is refused by the fast parser, and the other half may be in the next
    # delta: the standard library lets it pass
    if b"\\u" not in data:
        raise ModelFailedError(GARBLED) from None
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError):
        raise ModelFailedError(GARBLED) from None


def _count(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None
