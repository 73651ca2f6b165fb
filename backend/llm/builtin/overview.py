"""What is known of the customer as a whole, and what can be asked."""

from backend.llm.builtin.phrases import phrases
from backend.llm.builtin.record import Field, Record, Table
from backend.llm.builtin.speech import Kind, article, counted, listed, plural_of
from backend.llm.builtin.telling import label_row, tell_field, tell_template
from backend.llm.builtin.vocabulary import Telling, Vocabulary

_IDENTITY = frozenset(
    {"name", "date_of_birth", "occupation", "phone", "email", "member_since", "address"}
)
_FEW = 4


def topics(record: Record, vocabulary: Vocabulary) -> str:
    """Return what can be asked of a record, named without any of its values."""
    known = vocabulary.topics.get(record.mode)
    if known is not None:
        return known
    named = [field.label for field in record.fields if field.kind in {Kind.MONEY, Kind.PERCENT}]
    lists = [plural_of(table.noun) for table in record.tables]
    return listed([f"your {name}" for name in (*named[:3], *lists[:4])]) or phrases().say("record")


def who(record: Record) -> str:
    """Return who the customer is, as far as the record says."""
    told = phrases().say("who_am_i", name=str(record.customer.get("name", "")))
    parts = [told, _aged(record), _living(record), _since(record)]
    return "".join(parts) + "."


def overview(record: Record, vocabulary: Vocabulary) -> list[str]:
    """Return the record's facts, each once, one line each."""
    known = vocabulary.overview.get(record.mode)
    if known is not None:
        return [who(record), *filter(None, (_told(telling, record) for telling in known))]
    told = [field for field in record.fields if _is_told(field, record)]
    lines = [who(record), *(tell_field(field, record) for field in told)]
    lines += [_table_line(table) for table in record.tables if table.rows]
    return list(dict.fromkeys(lines))


def _told(telling: Telling, record: Record) -> str | None:
    if all(_stands(path, record) for path in telling.needs):
        return tell_template(telling.say, record)
    return tell_template(telling.otherwise, record) if telling.otherwise else None


def _stands(path: str, record: Record) -> bool:
    field, table = record.field(path), record.table(path)
    return bool(field and field.value) or bool(table and table.rows)


def _is_told(field: Field, record: Record) -> bool:
    own = field.path in record.customer and field.path not in _IDENTITY
    return own and field.value is not None


def _aged(record: Record) -> str:
    age, job = record.field("age"), record.customer.get("occupation")
    told = f", {age.value} years old" if age is not None else ""
    if isinstance(job, str) and job:
        job = job[:1].lower() + job[1:]
        told += f", {job}" if job == "retired" else f", {article(job)} {job}"
    return told


def _living(record: Record) -> str:
    city, state = record.field("address.city"), record.field("address.state")
    if city is None or state is None:
        return ""
    return phrases().say("living", city=str(city.value), state=str(state.value))


def _since(record: Record) -> str:
    since = record.customer.get("member_since")
    return phrases().say("since", year=since) if isinstance(since, str) else ""


def _table_line(table: Table) -> str:
    if table.sayings.latest:
        return phrases().say("overview_latest", what=table.plural)
    labels = list(dict.fromkeys(label_row(table, row) for row in table.rows))
    told = counted(len(table.rows), table.noun, table.plural)
    if len(labels) > _FEW:
        return phrases().say("overview_count", count=told)
    return phrases().say("overview_labels", count=told, labels=listed(labels))
