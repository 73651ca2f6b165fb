"""The vocabulary: what the words of customers and the fields of records have to do with each other.

Read from ``vocabulary/*.yaml`` once: ``generic.yaml`` and a file a mode. A field is named by its
path in the record, so that a mode without a file shares the words of fields it shares.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from backend.llm.builtin.speech import Kind
from backend.llm.builtin.words import Stems, canonical, stems
from backend.yamlfile import read_yaml

_FOLDER: Final = Path(__file__).parent / "vocabulary"
_GENERIC: Final = "generic"

WordSet: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Sayings:
    """What a field is called, and how its value is told.

    Attributes:
        names: each a set of words that together name the field.
        extra: words that may stand beside a name without meaning anything else.
        say: the sentence, with ``{path}`` for values; ``zero`` and ``none`` for those values.
        rolling: for a figure of the last 30 days, what to add where a calendar month was asked for,
            with ``{month}`` for that month.
        whole: a part of a name does not name it.
    """

    names: tuple[WordSet, ...] = ()
    extra: WordSet = frozenset()
    kind: Kind | None = None
    label: str | None = None
    say: str | None = None
    zero: str | None = None
    none: str | None = None
    rolling: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """One sentence of an overview: told where all of ``needs`` is neither nothing nor zero."""

    say: str
    needs: tuple[str, ...] = ()
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Kin:
    """Another list that names what this one's rows hold: their common column, and its names."""

    table: str
    by: str
    names: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A figure that follows from others: ``rule`` over the fields at the paths ``of``."""

    rule: str
    of: tuple[str, ...]
    factor: int
    sayings: Sayings


@dataclass(frozen=True, slots=True)
class TableSayings:
    """What a list of rows is called, and how rows are told.

    Attributes:
        latest: what to call it where it holds the latest rows only, with ``{n}`` for how many.
        split: the column whose values may not be summed together, such as debit and credit.
        row, sentence: a row as a list item, and at a sentence's end; the first that can be filled.
        one: the sentence for an answer of a single row; ``nothing`` for none at all.
        summed: the sentence for a sum of the rows that were named, with {value} and {what}.
        beyond: what to offer where the list does not go back far enough.
        scope: what every sum of the list is true of, such as "over the last 30 days".
        prefer: added to the score against lists that would answer as well.
    """

    sayings: Sayings = Sayings()
    noun: str | None = None
    latest: str | None = None
    split: str | None = None
    date: str | None = None
    amount: str | None = None
    row: tuple[str, ...] = ()
    sentence: tuple[str, ...] = ()
    row_label: str | None = None
    one: str | None = None
    nothing: str | None = None
    summed: str | None = None
    beyond: str | None = None
    rolling: str | None = None
    kin: Kin | None = None
    scope: str = ""
    prefer: float = 0.0
    values: Mapping[str, Mapping[str, WordSet]] = field(default_factory=dict)
    nouns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    columns: Mapping[str, Sayings] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words that are known beside those of the record itself."""

    same: Mapping[Stems, str]
    longest: int
    filler: WordSet
    stop: WordSet
    elsewhere: WordSet
    deeds: WordSet
    orders: WordSet
    urgent: WordSet
    wants: Mapping[str, frozenset[Kind]]
    kinds: Mapping[Kind, WordSet]
    fields: Mapping[str, Sayings]
    derived: Mapping[str, Formula]
    tables: Mapping[str, TableSayings]
    topics: Mapping[str, str]
    overview: Mapping[str, tuple[Telling, ...]]
    stems: WordSet

    def tokens(self, text: str) -> Stems:
        """Return the words of ``text`` in the vocabulary's own spelling."""
        return canonical(stems(text), self.same, self.longest)

    def name_words(self, text: str) -> WordSet:
        """Return the words of a name, without those that are no part of one."""
        found = frozenset(self.tokens(text))
        return found - self.stop or found

    def value_words(self, value: object) -> WordSet:
        """Return the words by which a text of the record, or each of a list, can be asked for."""
        if isinstance(value, list):
            return frozenset[str]().union(*map(self.value_words, value))
        if not isinstance(value, str):
            return frozenset()
        return frozenset(self.tokens(value.replace("_", " "))) - self.filler

    def meaning(self, found: Stems) -> Stems:
        """Return stems in the vocabulary's own spelling."""
        return canonical(found, self.same, self.longest)


@cache
def _files() -> Mapping[str, Mapping[str, Any]]:
    return {path.stem: read_yaml(path).value for path in sorted(_FOLDER.glob("*.yaml"))}


def vocabulary(mode: str) -> Vocabulary:
    """Return the words of all modes; where two know a field of one name, ``mode`` decides.

    Raises:
        ConfigurationError: a file is not YAML.
    """
    return _vocabulary(mode if mode in _files() else _GENERIC)


@cache
def _vocabulary(mode: str) -> Vocabulary:
    merged: dict[str, dict[str, Any]] = {}
    rest: dict[str, Any] = {}
    for _, sections in sorted(_files().items(), key=lambda item: item[0] == mode):
        for section, content in sections.items():
            if isinstance(content, dict):
                merged.setdefault(section, {}).update(content)
            else:
                rest[section] = content
    return _built(merged, rest)


def _built(merged: Mapping[str, Mapping[str, Any]], rest: Mapping[str, str]) -> Vocabulary:
    same = {stems(word): str(key) for key, words in merged["same"].items() for word in words}
    speller = _Speller(same, max(len(phrase) for phrase in same))
    lists = {name: frozenset(speller.flat(text)) for name, text in rest.items()}
    speller.stop = lists["stop"]
    raw = {part for phrase in same for part in phrase}
    raw |= {part for text in rest.values() for part in stems(text)}
    fields = {path: speller.sayings(entry) for path, entry in merged["fields"].items()}
    derived = {path: speller.formula(entry) for path, entry in merged["derived"].items()}
    tables = {path: speller.table(entry) for path, entry in merged["tables"].items()}
    return Vocabulary(
        same=same,
        longest=speller.longest,
        filler=lists["filler"],
        stop=lists["stop"],
        elsewhere=lists["elsewhere"],
        deeds=lists["deeds"],
        orders=lists["orders"],
        urgent=lists["urgent"],
        wants={op: frozenset(map(Kind, kinds)) for op, kinds in merged["wants"].items()},
        kinds={Kind(kind): frozenset(map(str, words)) for kind, words in merged["kinds"].items()},
        fields=fields,
        derived=derived,
        tables=tables,
        topics=merged["topics"],
        overview={mode: tuple(map(_telling, told)) for mode, told in merged["overview"].items()},
        stems=frozenset(raw | speller.seen),
    )


def _telling(entry: str | Mapping[str, Any]) -> Telling:
    if isinstance(entry, str):
        return Telling(entry)
    return Telling(entry["say"], _several(entry.get("needs")), entry.get("otherwise"))


def _several(templates: str | list[str] | None) -> tuple[str, ...]:
    if templates is None:
        return ()
    return (templates,) if isinstance(templates, str) else tuple(templates)


class _Speller:
    """Turns the files' text into words of the vocabulary's spelling, and remembers them."""

    def __init__(self, same: Mapping[Stems, str], longest: int) -> None:
        self.same = same
        self.longest = longest
        self.stop: WordSet = frozenset()
        self.seen: set[str] = set()

    def flat(self, text: str) -> Stems:
        found = stems(text)
        self.seen.update(found)
        return found

    def words(self, text: str) -> WordSet:
        # "@last visit" mixes an operation with plain words
        for span in ("this month", "last month", "this year"):
            text = text.replace(span, f"@{span.replace(' ', '_')}")
        operations = {word for word in text.split() if word.startswith("@")}
        rest = " ".join(word for word in text.split() if not word.startswith("@"))
        self.seen.update(stems(rest))
        found = {*canonical(stems(rest), self.same, self.longest)}
        return frozenset(operations | (found - self.stop))

    def union(self, texts: Iterable[Any]) -> WordSet:
        return frozenset(word for text in texts for word in self.words(str(text)))

    def sayings(self, entry: Mapping[str, Any]) -> Sayings:
        return Sayings(
            names=tuple(self.words(name) for name in entry.get("names", ())),
            extra=self.union(entry.get("with", ())),
            kind=Kind(entry["kind"]) if "kind" in entry else None,
            label=entry.get("label"),
            say=entry.get("say"),
            zero=entry.get("say_zero"),
            none=entry.get("say_none"),
            rolling=entry.get("rolling"),
            whole=entry.get("whole", False),
        )

    def formula(self, entry: Mapping[str, Any]) -> Formula:
        rule = next(rule for rule in ("left", "share", "sum", "times", "years") if rule in entry)
        of = entry[rule] if isinstance(entry[rule], list) else [entry[rule]]
        paths = tuple(part for part in of if isinstance(part, str))
        factor = next((part for part in of if isinstance(part, int)), 1)
        return Formula(rule, paths, factor, self.sayings(entry))

    def table(self, entry: Mapping[str, Any]) -> TableSayings:
        return TableSayings(
            sayings=self.sayings({"names": entry.get("names", ()), "with": entry.get("with", ())}),
            noun=entry.get("noun"),
            latest=entry.get("latest"),
            split=entry.get("split"),
            date=entry.get("date"),
            amount=entry.get("amount"),
            row=_several(entry.get("row")),
            sentence=_several(entry.get("sentence")),
            row_label=entry.get("label"),
            one=entry.get("one"),
            nothing=entry.get("nothing"),
            summed=entry.get("summed"),
            beyond=entry.get("beyond"),
            rolling=entry.get("rolling"),
            kin=Kin(**entry["kin"]) if "kin" in entry else None,
            scope=entry.get("scope", ""),
            prefer=entry.get("prefer", 0) / 100,
            values={
                column: {value: self.union(words) for value, words in values.items()}
                for column, values in entry.get("values", {}).items()
            },
            nouns={value: (pair[0], pair[1]) for value, pair in entry.get("nouns", {}).items()},
            columns={
                column: self.sayings(sayings)
                for column, sayings in entry.get("columns", {}).items()
            },
        )
