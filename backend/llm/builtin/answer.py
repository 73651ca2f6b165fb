"""From what was asked of the record to sentences with the customer's own figures."""

from collections.abc import Sequence

from backend.llm.builtin.asked import Asked, FieldsAsked, TableAsked
from backend.llm.builtin.phrases import phrases
from backend.llm.builtin.question import Question
from backend.llm.builtin.record import Column, Record
from backend.llm.builtin.rows import Naming, Row, Selection, cents_sum
from backend.llm.builtin.speech import NUMBER_WORDS, Kind, bullets, counted, listed, spoken
from backend.llm.builtin.telling import (
    days_away,
    label_row,
    tell_cell,
    tell_field,
    tell_row,
    tell_single,
)
from backend.llm.builtin.vocabulary import Vocabulary

_BY_DATE = frozenset({"@last", "@first", "@next", "@before", "@after", "@until"})
_MANY = 12
_SOME = 6
_ITEM = "item"
_PAST = frozenset({"count", "count_one", "have_one", "have_yes", "yes"})
_ALONE = frozenset({"have_one", "have_yes", "is"})


def _in_words(number: int) -> str:
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)


def answer(asked: Asked, record: Record, vocabulary: Vocabulary) -> str | None:
    """Return the answer; None where the record does not hold what would be needed."""
    if isinstance(asked, FieldsAsked):
        return _tell_fields(asked, record)
    return _Telling(asked, record, vocabulary).told()


def _tell_fields(asked: FieldsAsked, record: Record) -> str:
    told = [tell_field(field, record) for field in asked.fields]
    told += [_rolling(field.sayings.rolling, asked.question) for field in asked.fields]
    if "@until" in asked.question.ops and len(asked.fields) == 1:
        days = days_away(asked.fields[0].value, record)
        told += [] if days is None else [_until(days)]
    return " ".join(filter(None, dict.fromkeys(told)))


def _rolling(template: str | None, question: Question) -> str:
    """Return what to add where a figure of the last 30 days answers for a calendar month."""
    if template is None or question.period is None or not question.period.calendar:
        return ""
    return template.format(month=question.period.calendar)


def _until(days: int) -> str:
    if days == 0:
        return phrases().say("until_today")
    name = "until" if days > 0 else "until_past"
    return phrases().say(name, days=counted(abs(days), "day", "days"))


class _Telling:
    """One question about one list."""

    def __init__(self, asked: TableAsked, record: Record, vocabulary: Vocabulary) -> None:
        self._asked = asked
        self._question = asked.question
        self._record = record
        self._selection = Selection(asked, record, vocabulary)
        self._table = asked.table
        self._rows: Sequence[Row] = self._selection.rows
        self._naming: Naming = self._selection.naming()

    def told(self) -> str | None:
        """Return the answer in the manner that the question asks for."""
        if tuple(self._table.columns) == (_ITEM,):
            return self._items()
        told = self._figures()
        if told is None:
            return None
        # a remark would read as a part of the last row
        return ("\n\n" if "\n" in told else " ").join(filter(None, (told, self._reach())))

    def _figures(self) -> str | None:
        ops = self._question.ops
        if "@howmany" in ops and not self._selection.figure_columns:
            return self._count()
        if ops & {"@max", "@min"} and self._rows:
            return self._extreme()
        return self._rows_told() if self._rows else self._nothing()

    def _rows_told(self) -> str | None:
        ops = self._question.ops
        if ops & _BY_DATE or self._question.rank is not None:
            return self._by_date()
        if ops & {"@total", "@average"} or self._sums_up() or self._sums_sorts():
            return self._sum()
        cells = self._asked.columns or self._selection.wanted_columns
        return self._cells() if cells else self._list()

    def _items(self) -> str:
        if not self._rows:
            return self._nothing()
        values = [str(row[_ITEM]) for row in self._table.rows]
        name = self._table.path.replace("_", " ")
        if "@howmany" in self._question.ops:
            return phrases().say(
                "items_count", count=str(len(values)), name=name, values=listed(values)
            )
        yes = self._asked.words and len(self._rows) < len(values)
        return phrases().say("items_yes" if yes else "items", name=name, values=listed(values))

    @property
    def _scope(self) -> str:
        latest = self._selection.latest
        if latest is None:
            return self._table.sayings.scope
        return phrases().say("scope_latest", latest=latest)

    def _reach(self) -> str:
        """Return a warning where the list may not go back as far as the question does."""
        rolling = _rolling(self._table.sayings.rolling, self._question)
        if rolling:
            return rolling
        oldest, latest = self._selection.oldest_day, self._selection.latest
        if latest is None or not self._rows or self._selection.reaches_back:
            return ""
        told = phrases().say("reach", latest=latest, date=spoken(oldest, Kind.DATE))
        return self._with_beyond(told)

    def _with_beyond(self, told: str) -> str:
        beyond = self._table.sayings.beyond
        return f"{told} {beyond}" if beyond else told

    def _beyond_reach(self) -> str | None:
        """Return that the list is too short to tell, where it is."""
        latest, oldest = self._selection.latest, self._selection.oldest_day
        if latest is None or self._selection.reaches_back:
            return None
        told = phrases().say(
            "beyond_reach" if self._selection.ends_before else "not_in_reach",
            what=self._naming.plural,
            latest=latest,
            date=spoken(oldest, Kind.DATE),
        )
        return self._with_beyond(told)

    def _nothing(self) -> str:
        beyond = self._beyond_reach()
        if beyond is not None:
            return beyond
        template, what = self._table.sayings.nothing, self._selection.spoken_values()
        if template is not None and what:
            return template.format(what=what)
        if "@next" in self._question.ops:
            return phrases().say("none_next", what=self._naming.plural)
        name = "none_no" if self._question.is_yes_or_no else "none_found"
        name = name if self._table.rows else "none_at_all"
        return phrases().say(name, what=self._naming.plural, scope=self._scope)

    def _count(self) -> str:
        if not self._rows:
            return self._nothing()
        if self._selection.latest and not self._selection.narrowed:
            return phrases().say("only_latest", latest=self._selection.latest)
        if len(self._rows) == 1:
            tallied = self._table.sayings.summed is not None
            return self._one("have_one" if tallied else "count_one", self._rows[0])
        count = self._naming.counted(len(self._rows))
        head = phrases().say(self._tense("count"), count=count, scope=self._scope)
        return head if len(self._rows) > _MANY else f"{head[:-1]}:\n{self._bullets(self._rows)}"

    def _tense(self, name: str) -> str:
        """Return the phrase's name, or that of its past form where the span asked for is past."""
        past = self._selection.is_past and name in _PAST
        return f"{name}_past" if past else name

    def _bullets(self, rows: Sequence[Row]) -> str:
        return bullets([tell_row(self._table, row, brief=True) for row in rows])

    def _limit(self) -> int | None:
        number, ops = self._question.number, self._question.ops
        return None if number is None or ops & {"@over", "@under"} else max(int(number), 1)

    @property
    def _wants_yes(self) -> bool:
        # of a calendar month a running figure proves nothing
        rolling = _rolling(self._table.sayings.rolling, self._question)
        return self._question.is_yes_or_no and not rolling

    def _list(self) -> str:
        rows = self._rows[: self._limit()]
        if len(rows) == 1:
            return self._one("have_yes" if self._wants_yes else "have_one", rows[0])
        count = self._naming.counted(len(rows))
        if self._selection.latest and not self._selection.narrowed:
            head = phrases().say(
                "latest_head", number=_in_words(len(rows)), what=self._naming.plural
            )
        else:
            head = phrases().say(
                self._tense("yes") if self._wants_yes else "list_head",
                count=count,
                scope=self._scope,
            )
        return f"{head}\n{self._bullets(rows)}"

    def _by_date(self) -> str | None:
        if self._selection.date is None:
            return None
        name, ordered = self._ordered()
        if not ordered:
            return self._nothing()
        limit = self._limit()
        if limit is not None and limit > 1:
            return self._several(ordered[:limit], f"{name}_head")
        ops = self._question.ops
        rank = self._question.rank or (2 if ops & {"@before", "@after"} else 1)
        if rank > len(ordered):
            count = self._naming.counted(len(ordered))
            return phrases().say("beyond", count=count, scope=self._scope)
        row = ordered[rank - 1]
        if rank > 1:
            stepped = "@before" in ops or self._question.rank is None
            name = ("before" if stepped else "ranked_last") if name == "last" else "ranked"
        told = self._one(name, row, rank)
        days = days_away(row.get(self._selection.date), self._record)
        return f"{told} {_until(days)}" if "@until" in ops and days is not None else told

    def _ordered(self) -> tuple[str, list[Row]]:
        ops = self._question.ops
        if ops & {"@next", "@until"} or (self._selection.lies_ahead and "@last" not in ops):
            return "next", self._selection.ahead()
        newest = self._selection.newest_first()
        return ("first", newest[::-1]) if "@first" in ops else ("last", newest)

    def _several(self, rows: Sequence[Row], name: str) -> str:
        if len(rows) == 1:
            return self._one("have_one", rows[0])
        head = phrases().say(
            name, number=_in_words(len(rows)), what=self._naming.plural, scope=self._scope
        )
        return f"{head}\n{self._bullets(rows)}"

    def _one(self, name: str, row: Row, rank: int = 1) -> str:
        single = tell_single(self._table, row) if name in _ALONE else None
        if single is not None:
            return phrases().say("yes_single", told=single) if name == "have_yes" else single
        if self._asked.columns and name in {"last", "next", "first"}:
            return self._cell_sentences(row)
        told = tell_row(self._table, row, brief=False)
        return phrases().say(
            self._tense(name),
            noun=self._naming.short if name == "is" else self._naming.singular,
            row=told,
            scope=self._scope,
            rank=phrases().ranks.get(rank, f"{rank}th"),
        )

    def _cell_sentences(self, row: Row) -> str:
        return " ".join(tell_cell(self._table, column, row) for column in self._asked.columns)

    def _extreme(self) -> str | None:
        name = self._selection.amount
        held = [row for row in self._rows if isinstance(row.get(name or ""), int | float)]
        if name is None or not held:
            return None
        sign = -1 if "@max" in self._question.ops else 1
        held.sort(key=lambda row: sign * row[name])
        limit = self._limit()
        if limit is not None and limit > 1:
            return self._several(held[:limit], "max_head" if sign < 0 else "min_head")
        told = tell_row(self._table, held[0], brief=False)
        told = phrases().say("the_one", row=told) if told.startswith("with ") else told
        which = "max" if sign < 0 else "min"
        return phrases().say(
            f"{which}_column" if self._asked.columns or self._many_figures() else which,
            noun=self._naming.singular,
            column=self._table.columns[name].label,
            row=told,
            scope=self._scope,
        )

    def _many_figures(self) -> bool:
        kinds = [column.kind for column in self._table.columns.values()]
        return kinds.count(Kind.MONEY) > 1

    def _sums_up(self) -> bool:
        if "@howmuch" not in self._question.ops or self._asked.columns:
            return False
        if self._selection.amount is None:
            return False
        return len(self._rows) > 1 or self._selection.latest is not None

    def _sums_sorts(self) -> bool:
        """Return whether several sorts were named of a list whose rows are sums by sort."""
        summed = self._table.sayings.summed is not None and not self._asked.columns
        named = self._asked.chosen or self._asked.words
        return summed and bool(named) and len(self._rows) > 1

    def _sum(self) -> str | None:
        name = self._selection.amount
        held = [row for row in self._rows if isinstance(row.get(name or ""), int | float)]
        if name is None or not held:
            return None
        single = tell_single(self._table, held[0]) if len(held) == 1 else None
        if single is not None:
            return single
        split = self._table.sayings.split
        if split is None or split in self._asked.chosen or len({r.get(split) for r in held}) == 1:
            figure = self._reckoned(held, name)
            told = self._sum_told(figure, len(held))
            return f"{told[:-1]}:\n{self._bullets(held)}" if 1 < len(held) <= _SOME else told
        return self._both_ways(held, name, split)

    def _sum_told(self, figure: str, number: int) -> str:
        what, average = self._selection.spoken_values(), "@average" in self._question.ops
        if self._table.sayings.summed is not None and what and not average:
            return self._table.sayings.summed.format(value=figure, what=what)
        count = self._naming.counted(number)
        key = "average" if average else "total"
        return phrases().say(key, value=figure, count=count, scope=self._scope)

    def _both_ways(self, rows: Sequence[Row], name: str, split: str) -> str:
        parts = []
        for value in dict.fromkeys(str(row.get(split)) for row in rows):
            held = [row for row in rows if str(row.get(split)) == value]
            nouns = self._table.sayings.nouns.get(value, (self._table.noun, self._table.plural))
            parts.append(
                phrases().say(
                    "part", value=self._reckoned(held, name), count=counted(len(held), *nouns)
                )
            )
        key = "average_split" if "@average" in self._question.ops else "total_split"
        return phrases().say(key, parts=listed(parts), scope=self._scope)

    def _reckoned(self, rows: Sequence[Row], name: str) -> str:
        kind = self._table.columns[name].kind
        total = cents_sum(rows, name)
        if "@average" in self._question.ops:
            return spoken(round(total / len(rows), 2), kind)
        return spoken(int(total) if kind is Kind.COUNT else total, kind)

    def _cells(self) -> str:
        columns = list(self._asked.columns)
        rows = self._rows[:_MANY]
        if not columns and len(rows) == 1 and not self._tellable():
            return self._one("is", rows[0])
        columns = columns or self._tellable() or self._selection.wanted_columns[:1]
        if len(rows) == 1:
            return " ".join(tell_cell(self._table, column, rows[0]) for column in columns)
        if not self._asked.columns:
            return self._list()
        named = listed([column.label for column in columns])
        lines = [f"{label_row(self._table, row)}: {self._told(columns, row)}" for row in rows]
        head = phrases().say("cells_head", column=named, noun=self._table.noun, scope=self._scope)
        return f"{head}\n{bullets(lines)}"

    def _tellable(self) -> list[Column]:
        wanted = self._selection.wanted_columns
        return [column for column in wanted if column.sayings.say is not None][:1]

    def _told(self, columns: Sequence[Column], row: Row) -> str:
        return ", ".join(spoken(row.get(column.name), column.kind) for column in columns)
