"""How conditions came out for many customers, as JSON text, column by column.

What differs from customer to customer in a condition's text is a few words; the rest is written
once a rulebook, and no tree of objects is made of it.
"""

from dataclasses import dataclass

from pydantic_core import to_json

from backend.domain.assignment import Outcome
from backend.personas.explain import OUTCOMES, why
from backend.personas.leaves import Decided
from backend.personas.logic import UNKNOWN
from backend.personas.rulebook import Condition, Rulebook
from backend.strictjson import JsonText

NULL = "null"


def written(value: object) -> JsonText:
    """Return a value as compact JSON text."""
    return JsonText(to_json(value).decode())


@dataclass(frozen=True, slots=True)
class LeafTexts:
    """One condition for *n* customers: what its signal was, and the whole leaf, *n* texts each."""

    signal: str
    actual: list[str]
    whole: list[str]


def leaf_texts(rulebook: Rulebook, decided: Decided) -> list[LeafTexts]:
    """Return every condition's texts, with the fields of ``Leaf``, in the order of the table."""
    rows = zip(
        decided.leaves.conditions,
        decided.known.tolist(),
        decided.values.tolist(),
        decided.margins().tolist(),
        decided.truth.tolist(),
        strict=True,
    )
    found = []
    for condition, known, values, margins, truth in rows:
        signal = written(condition.signal)
        actual = [repr(value) if knows else NULL
                  for value, knows in zip(values, known, strict=True)]  # fmt: skip
        margin = _margins(condition, margins, known)
        head, middle = f'{{"signal":{signal},"actual":', _middle(condition)
        ends = {came: _end(rulebook, condition, came, told) for came, told in OUTCOMES.items()}
        whole = [
            f"{head}{value}{middle}{beyond}{ends[came]}"
            for value, beyond, came in zip(actual, margin, truth, strict=True)
        ]
        found.append(LeafTexts(signal, actual, whole))
    return found


def _margins(condition: Condition, margins: list[float], known: list[bool]) -> list[str]:
    if condition.operator == "is_missing":
        return [NULL] * len(known)
    return [repr(margin) if knows else NULL
            for margin, knows in zip(margins, known, strict=True)]  # fmt: skip


def _middle(condition: Condition) -> str:
    operator, threshold = written(condition.operator), written(condition.threshold)
    return f',"operator":{operator},"threshold":{threshold},"margin":'


def _end(rulebook: Rulebook, condition: Condition, came: int, told: Outcome) -> str:
    reason = f',"why":{written(why(rulebook, condition.signal))}' if came == UNKNOWN else ""
    return f',"outcome":{written(told)}{reason}}}'
