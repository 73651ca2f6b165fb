"""From the prompt's text to the record: found between its marks, and laid out by kind."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from backend.llm.builtin.record import Column, Field, Record, Table
from backend.llm.builtin.speech import Kind, as_date, plural_of
from backend.llm.builtin.vocabulary import Sayings, TableSayings, Vocabulary, WordSet, vocabulary
from backend.strictjson import parse

# a record's text holds no "<": the prompt writes it as a JSON escape
_FENCE: Final = re.compile(r"^<customer_record>\n([^<]*)\n</customer_record>$", re.MULTILINE)
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_SURE_MONEY: Final = frozenset(
    {"balance", "amount", "price", "cost", "fee", "premium", "salary", "income", "copay", "revenue"}
)


def find_record(prompt: str) -> Record | None:
    """Return the last record that stands between its marks in ``prompt``, if there is one."""
    blocks = _FENCE.findall(prompt)
    try:
        block = parse(blocks[-1]) if blocks else None
    except ValueError:
        return None
    if not isinstance(block, dict) or not isinstance(block.get("customer"), dict):
        return None
    as_of, mode = as_date(block.get("as_of")), str(block.get("mode", ""))
    return None if as_of is None else _laid_out(mode, as_of, block["customer"], vocabulary(mode))


def _laid_out(mode: str, as_of: date, customer: Mapping[str, Any], words: Vocabulary) -> Record:
    fields: list[Field] = []
    tables: list[Table] = []
    for name, value in customer.items():
        if isinstance(value, list):
            tables.append(_table(name, value, words))
        elif isinstance(value, dict) and value and all(map(_is_number, value.values())):
            rows = [{"name": _plain(key), "amount": item} for key, item in value.items()]
            tables.append(_table(name, rows, words))
        elif isinstance(value, dict):
            fields.extend(
                _field(f"{name}.{part}", item, words)
                for part, item in value.items()
                if not isinstance(item, list | dict)
            )
            fields.append(_group(name, value, words))
        else:
            fields.append(_field(name, value, words))
    tables = [_with_kin(table, tables, words) for table in tables]
    fields += _derived({field.path: field for field in fields}, as_of, words)
    return Record(
        mode, as_of, customer, tuple(fields), tuple(tables), _stems(fields, tables), words
    )


def _is_number(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(name: str) -> str:
    return name.replace("_", " ").lower()


def _field(path: str, value: Any, words: Vocabulary) -> Field:  # noqa: ANN401 - any JSON value
    # a record may hold outright what would otherwise be worked out
    formula = words.derived.get(path)
    sayings = words.fields.get(path) or (formula.sayings if formula else Sayings())
    own = words.name_words(_plain(path.rpartition(".")[2]))
    return _with_words(path, value, _kind(path, value, sayings, words), sayings, own)


def _with_words(path: str, value: Any, kind: Kind, sayings: Sayings, own: WordSet) -> Field:  # noqa: ANN401 - any JSON value
    sayings = replace(sayings, names=(own, *sayings.names))
    said = frozenset[str]().union(*sayings.names, sayings.extra)
    return Field(path, value, kind, sayings, said, own)


def _group(name: str, value: Mapping[str, Any], words: Vocabulary) -> Field:
    text = ", ".join(str(part) for part in value.values() if part is not None)
    return _field(name, text or None, words)


def _derived(fields: Mapping[str, Field], as_of: date, words: Vocabulary) -> list[Field]:
    made = []
    for path, formula in words.derived.items():
        values = [fields[part].value if part in fields else None for part in formula.of]
        if any(value is None for value in values) or path in fields:
            continue
        value, kind = _worked_out(formula.rule, values, formula.factor, as_of)
        if value is not None:
            own = words.name_words(_plain(path))
            made.append(_with_words(path, value, kind, formula.sayings, own))
    return made


def _worked_out(
    rule: str, values: Sequence[Any], factor: int, as_of: date
) -> tuple[float | int | None, Kind]:
    if rule == "years":
        born = as_date(values[0])
        if born is None:
            return None, Kind.COUNT
        return as_of.year - born.year - (
            (as_of.month, as_of.day) < (born.month, born.day)
        ), Kind.COUNT
    if not all(map(_is_number, values)):
        return None, Kind.MONEY
    if rule == "share":
        part, whole = values
        return (round(part / whole * 100, 1) if whole else None), Kind.PERCENT
    cents = [round(value * 100) for value in values]
    total = cents[0] - sum(cents[1:]) if rule == "left" else sum(cents)
    return total * factor / 100, Kind.MONEY


def _kind(path: str, value: Any, sayings: Sayings, words: Vocabulary) -> Kind:  # noqa: ANN401 - any JSON value
    if sayings.kind is not None:
        return sayings.kind
    if isinstance(value, bool) or as_date(value) is not None:
        return Kind.FLAG if isinstance(value, bool) else Kind.DATE
    last = path.rpartition(".")[2].rpartition("_")[2]
    if isinstance(value, int):
        return Kind.MONEY if last in _SURE_MONEY else Kind.COUNT
    if isinstance(value, float):
        return _kind_of_float(path, words)
    return _kind_of_text(value, last, words)


def _kind_of_text(value: object, last: str, words: Vocabulary) -> Kind:
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return Kind.TIME
    by_name = next((kind for kind, names in words.kinds.items() if last in names), Kind.TEXT)
    if isinstance(value, str) and by_name in {Kind.MONEY, Kind.PERCENT, Kind.TIME}:
        return Kind.TEXT
    return by_name


def _kind_of_float(path: str, words: Vocabulary) -> Kind:
    parts = frozenset(path.rpartition(".")[2].split("_"))
    for kind in (Kind.PERCENT, Kind.MONEY):
        if parts & words.kinds[kind]:
            return kind
    return Kind.NUMBER


def _table(path: str, items: Sequence[Any], words: Vocabulary) -> Table:
    sayings = words.tables.get(path, TableSayings())
    own = words.name_words(_plain(path))
    rows = tuple(item if isinstance(item, dict) else {"item": item} for item in items)
    names = list(dict.fromkeys(name for row in rows for name in row)) or list(sayings.columns)
    columns = {name: _column(name, rows, sayings, words) for name in names}
    noun = sayings.noun or _noun(path)
    head = words.name_words(noun)
    named = replace(sayings.sayings, names=(own, head, *sayings.sayings.names))
    return Table(
        path=path,
        rows=rows,
        columns=columns,
        sayings=replace(sayings, sayings=named),
        words=frozenset[str]().union(*named.names, named.extra),
        noun=noun,
        plural=plural_of(noun),
        date=sayings.date if sayings.date in columns else _first(columns, Kind.DATE),
        amount=sayings.amount if sayings.amount in columns else _first(columns, Kind.MONEY),
        row_words=tuple(words.value_words(list(row.values())) for row in rows),
    )


def _with_kin(table: Table, tables: Sequence[Table], words: Vocabulary) -> Table:
    """Return the list with the names that another list has for its sorts of rows."""
    kin = table.sayings.kin
    other = next((found for found in tables if kin and found.path == kin.table), None)
    if kin is None or other is None:
        return table
    said = other.sayings.values.get(kin.names, {})
    names = {
        str(row.get(kin.by)): words.value_words(row.get(kin.names))
        | said.get(str(row.get(kin.names)), frozenset())
        for row in other.rows
    }
    pairs = zip(table.rows, table.row_words, strict=True)
    return replace(
        table,
        row_words=tuple(held | names.get(str(row.get(kin.by)), frozenset()) for row, held in pairs),
        kinds_known=(*names.values(), *said.values()),
    )


def _noun(path: str) -> str:
    word = _plain(path).rpartition(" ")[2]
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _column(
    name: str, rows: Sequence[Mapping[str, Any]], table: TableSayings, words: Vocabulary
) -> Column:
    sayings = table.columns.get(name, Sayings())
    sample = next((row[name] for row in rows if row.get(name) is not None), None)
    own = words.name_words(_plain(name))
    sayings = replace(sayings, names=(own, *sayings.names))
    said = frozenset[str]().union(*sayings.names, sayings.extra)
    return Column(name, _kind(name, sample, sayings, words), sayings, said)


def _first(columns: Mapping[str, Column], kind: Kind) -> str | None:
    return next((name for name, column in columns.items() if column.kind is kind), None)


def _stems(fields: Sequence[Field], tables: Sequence[Table]) -> WordSet:
    words = {word for field in fields for word in field.words}
    for table in tables:
        words |= table.words
        for column in table.columns.values():
            words |= column.words
    return frozenset(words)
