"""From a request's messages to the text of the reply: same messages, same text."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from backend.llm.builtin.answer import answer
from backend.llm.builtin.asked import Asked  # noqa: TC001 - cycles count for types too
from backend.llm.builtin.followup import resolve
from backend.llm.builtin.layout import find_record
from backend.llm.builtin.overview import overview, topics, who
from backend.llm.builtin.phrases import phrases
from backend.llm.builtin.question import Question, read_question, sentences
from backend.llm.builtin.record import Record
from backend.llm.builtin.speech import bullets, day
from backend.llm.builtin.words import plain, stems

_REMEMBERED: Final = 6
"""How many earlier messages may give a question its context."""
_SENTENCES: Final = 20
"""How many sentences of a message are answered, the last ones."""
_MOST_PARTS: Final = 8
_A_NAME: Final = 2
"""Up to so many words of an enumeration may be the name of something that is asked for."""
_PARTS: Final = re.compile(
    r",\s*|\s+(?:and|also|plus|but)\s+|\s+(?=(?:whats|what|how much|how many)\b)"
)
_ASKS: Final = re.compile(
    r"^(?:what|whats|when|where|who|how|which|is|are|do|does|did|can|list|show|tell|any|have|am)\b"
)
_ORDER: Final = re.compile(
    r"(?:(?:please|pls|can|could|would|will|you|i|want|wanna|need|like|id|to|lets|help|me|hey|hi"
    r"|hello|now|just|and|then|go|ahead)[ ,]+)*([a-z]+)"
)
_POLITE: Final = re.compile(
    r"^(?:(?:hi|hello|hey|so|ok|okay|please|can you|could you|would you|will you|now)[ ,]+)+"
    r"|[ ,]+(?:please|thanks|thank you|for me)$"
)
_BY_NAME: Final = re.compile(r"You(?:r|'ve|'re)? ")


def reply(messages: Sequence[Mapping[str, str]]) -> str:
    """Return the answer to the last message of the user, from the record and nothing else."""
    system = "\n".join(message["content"] for message in messages if message["role"] == "system")
    said = [message["content"] for message in messages if message["role"] == "user"]
    record = find_record(system)
    if record is None or not said:
        return phrases().say("no_record")
    assistant = _Assistant(record)
    for earlier in said[-1 - _REMEMBERED : -1]:
        assistant.answer(earlier)
    text = assistant.answer(said[-1])
    first = len(said) == 1 and _social_meaning(said[0]) is None
    return assistant.by_name(text) if first else text


def _social_meaning(message: str) -> str | None:
    """Return what a message means that asks for no fact, such as a greeting."""
    meanings = phrases().social
    words = stems(message)
    bare = stems(_POLITE.sub("", plain(message).strip(" .!?,")))
    return meanings.get(words) or meanings.get(bare)


def _is_asked(part: str) -> bool:
    """Return whether a part of a sentence asks for something, be it by a name alone."""
    return bool(_ASKS.match(part.strip())) or len(part.split()) <= _A_NAME


class _Assistant:
    """One reading of one record; remembers what was asked last."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._words = record.vocabulary
        self._values = frozenset[str]().union(*(table.held_words for table in record.tables))
        self._before: Asked | None = None

    def answer(self, message: str) -> str:
        social = _social_meaning(message)
        if social is not None:
            return self._social(social)
        told, missed = [], None
        for sentence in sentences(message)[-_SENTENCES:]:
            if _social_meaning(sentence) in {None, "who_am_i", "overview", "today"}:
                text, question = self._sentence(sentence)
                told += [text] if text else []
                missed = missed if text else question
        if not told:
            return self._declined(missed)
        if missed is not None and _ASKS.match(plain(missed.text)):
            told.append(phrases().say("unknown_part"))
        return "\n\n".join(dict.fromkeys(told))

    def by_name(self, text: str) -> str:
        """Return a plain answer with the customer's name before it."""
        given = self._record.given_name
        if given is None or not _BY_NAME.match(text):
            return text
        return phrases().say("by_name", given=given, told=text[:1].lower() + text[1:])

    def _sentence(self, sentence: str) -> tuple[str | None, Question]:
        social = _social_meaning(sentence)
        question = self._read(sentence)
        if self._is_order(sentence):
            return self._say("deed"), question
        if social is not None:
            return self._social(social), question
        text = self._told(question)
        if text is None:
            text = self._in_parts(sentence)
        return text, question

    def _is_order(self, sentence: str) -> bool:
        verb = _ORDER.match(plain(sentence))
        return verb is not None and verb[1] in self._words.orders

    def _told(self, question: Question) -> str | None:
        asked = resolve(question, self._before, self._record)
        text = answer(asked, self._record, self._words) if asked else None
        if text is not None:
            self._before = asked
        return text

    def _in_parts(self, sentence: str) -> str | None:
        parts = [part for part in _PARTS.split(plain(sentence)) if part.strip()][:_MOST_PARTS]
        if len(parts) == 1:
            return None
        told, missed = [], False
        for part in parts:
            question = self._read(part)
            text = self._told(question) if question.content else None
            told += [text] if text else []
            missed |= text is None and bool(question.content) and _is_asked(part)
        if told and missed:
            told.append(phrases().say("unknown_part"))
        return " ".join(dict.fromkeys(told)) or None

    def _read(self, text: str) -> Question:
        record = self._record
        return read_question(text, record.as_of, self._words, record.stems, self._values)

    def _declined(self, question: Question | None) -> str:
        if question is not None and question.content & self._words.urgent:
            return self._say("urgent")
        if question is not None and question.content & self._words.deeds:
            return self._say("deed")
        if question is not None and question.ops & {"@why", "@should"}:
            return self._say("advice")
        return self._say("unknown")

    def _say(self, name: str) -> str:
        given = self._record.given_name
        return phrases().say(
            name,
            given=given or "there",
            comma_given=f", {given}" if given else "",
            topics=topics(self._record, self._words),
            today=day(self._record.as_of),
        )

    def _social(self, name: str) -> str:
        if name == "who_am_i":
            return who(self._record)
        if name == "overview":
            told = bullets(overview(self._record, self._words))
            return f"{self._say('overview_head')}\n{told}\n\n{self._say('overview_tail')}"
        return self._say(name)
