"""Questions from ``cases/``, put to the built-in model about generated customers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from backend.bundle import prompts_dir
from backend.llm.builtin.reply import reply
from backend.modes import generate
from backend.prompting import PromptLibrary, PromptNames
from backend.seeds import SeededFaker
from backend.yamlfile import read_yaml

AS_OF: Final = date(2026, 1, 15)
MODES: Final = ("banking", "insurance", "healthcare", "retail")
CUSTOMERS: Final = 32
CASES: Final = Path(__file__).parent / "cases"
NO: Final = "I don't have that in your record"

_STEP: Final = re.compile(r"(\w+)(?:\[([^\]]+)\])?")
_PLACE: Final = re.compile(r"\{([^{}]+)\}")

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, what it follows on, and what its answer has to hold."""

    ask: str
    after: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    says: str = ""
    needs: str = ""
    lacks: str = ""
    alone: str = ""
    silent: bool = False
    not_in_record: bool = False


def cases(mode: str) -> Iterator[Case]:
    for entry in read_yaml(CASES / f"questions_{mode}.yaml").value["cases"]:
        lists = {key: tuple(entry.get(key, ())) for key in ("after", "tells")}
        yield Case(**{**entry, **lists})


@cache
def customers(mode: str) -> tuple[Facts, ...]:
    ids = [f"asker-{number}" for number in range(CUSTOMERS)]
    cohort = generate(mode, ids, AS_OF, SeededFaker())
    return tuple(cohort.persona(row).model_dump(mode="json") for row in range(CUSTOMERS))


@cache
def library() -> PromptLibrary:
    return PromptLibrary(prompts_dir())


def prompt(mode: str, customer: Facts) -> str:
    names = PromptNames(
        mode_title=mode.title(),
        as_of=AS_OF.isoformat(),
        customer=customer,
        guidance="Mention costs early. Label: secret_label 4711.",
        secondary_guidance="Be brief.",
        long_view=None,
    )
    return library().render(mode, names).text


def ask(mode: str, customer: Facts, *questions: str) -> str:
    return converse(prompt(mode, customer), *questions)


def converse(system: str, *questions: str) -> str:
    messages = [{"role": "system", "content": system}]
    for question in questions:
        messages.append({"role": "user", "content": question})
        messages.append({"role": "assistant", "content": "(what was said)"})
    return reply(messages[:-1])


def at(customer: Facts, path: str) -> Any:
    """Return what stands at ``list[0].field``, ``list[column=value]`` or ``#list``."""
    if path.startswith("#"):
        return len(customer[path[1:]])
    value: Any = customer
    for name, chosen in _STEP.findall(path):
        value = [row[name] for row in value] if isinstance(value, list) else value[name]
        value = _chosen(value, chosen)
        if value is None:
            return None
    return value


def _chosen(rows: Any, chosen: str) -> Any:
    if not chosen or chosen == "*":
        return rows
    if chosen.isdigit():
        return rows[int(chosen)] if int(chosen) < len(rows) else None
    column, _, value = chosen.partition("=")
    return next((row for row in rows if row[column] == value), None)


def applies(case: Case, customer: Facts) -> bool:
    if case.needs and not at(customer, case.needs):
        return False
    if case.lacks and at(customer, case.lacks):
        return False
    if not case.alone:
        return True
    table, _, column = case.alone.partition(".")
    held = [row[column] for row in customer[table]]
    asked = next(path for path in _PLACE.findall(case.ask))
    return held.count(at(customer, asked)) == 1


def filled(question: str, customer: Facts) -> str:
    return _PLACE.sub(lambda place: str(at(customer, place[1])), question)


def told(text: str, value: Any) -> bool:
    """Return whether a text holds a value, written as a customer would read it."""
    if isinstance(value, list):
        return all(told(text, part) for part in value)
    if isinstance(value, float):
        plain = re.escape(f"{value:,.2f}".rstrip("0").rstrip("."))
        return f"${value:,.2f}" in text or bool(
            re.search(rf"(?<![\d.,$]){plain}(?![\d,]|\.\d)", text)
        )
    if isinstance(value, int):
        return re.search(rf"(?<![\d.,$]){value:,}(?![\d.,]\d|\d)", text) is not None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        day = date.fromisoformat(value)
        return f"{day:%B} {day.day}, {day.year}" in text
    if re.fullmatch(r"\d\d:\d\d", str(value)):
        hour = int(value[:2])
        return f"{(hour - 1) % 12 + 1}:{value[3:]} {'AM' if hour < 12 else 'PM'}" in text
    return str(value).lower() in text.lower()
