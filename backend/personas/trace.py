"""How a rulebook came to its choices: everything evaluated, made of the arrays that decided.

It is made as JSON text, of columns, because it is written for everybody and read for a few.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from pydantic_core import from_json

from backend.personas.leaves import leaves_of
from backend.personas.outcomes import Outcomes
from backend.personas.prioritizer import Ranking
from backend.personas.rulebook import BehaviouralPersona
from backend.personas.speaking import Speaking, speaking
from backend.personas.texts import NULL, LeafTexts, leaf_texts, written
from backend.personas.windows import days_of
from backend.strictjson import JsonText

Document: TypeAlias = dict[str, Any]

_NOTHING = "[]"


@dataclass(frozen=True, slots=True)
class Traced:
    """The choice for one customer, and all that it was made of.

    ``evidence_json`` is that of every persona by id, with the fields of ``Evidence``;
    ``trace_json`` says as well whose it is, when, and what each persona would have counted.
    """

    user_id: str
    ranking: Ranking
    evidence_json: JsonText
    trace_json: JsonText

    @property
    def evidence(self) -> dict[str, Document]:
        """The evidence, read."""
        found: dict[str, Document] = from_json(self.evidence_json)
        return found

    @property
    def trace(self) -> Document:
        """The trace, read."""
        found: Document = from_json(self.trace_json)
        return found


def trace(
    outcomes: Outcomes, user_ids: Sequence[str], as_of: date, time_window: str
) -> Iterator[Traced]:
    """Yield each customer's choice with its trace, in the order of the outcomes.

    Args:
        outcomes: what was decided.
        user_ids: whose it is, one a customer.
        as_of: the date that the signals look back from.
        time_window: the window that they look at.

    Raises:
        InputError: it is no window.
        ValueError: there are more or fewer ids than customers.
    """
    days = days_of(time_window)
    frame = f',"window_days":{days},"as_of_date":{written(as_of)},"evaluations":{{'
    evidence, evaluations = _by_customer(outcomes)
    rows = zip(user_ids, outcomes.rankings(), evidence, evaluations, strict=True)
    for user_id, ranking, shown, evaluated in rows:
        yield Traced(
            user_id,
            ranking,
            JsonText(f"{{{shown}}}"),
            JsonText(
                f'{{"user_id":{written(user_id)}{frame}{evaluated}}},"result":{_result(ranking)}}}'
            ),
        )


def _by_customer(outcomes: Outcomes) -> tuple[Iterator[str], Iterator[str]]:
    """Return each customer's evidence and evaluations, the personas joined, without brackets."""
    rulebook, verdicts = outcomes.rulebook, outcomes.verdicts
    texts = leaf_texts(rulebook, verdicts.decided)
    spoken = speaking(rulebook, verdicts)
    shown, evaluated = [], []
    for place, persona in enumerate(rulebook.personas):
        leaves = [texts[row] for row in leaves_of(rulebook).of[place]]
        joined = [",".join(row) for row in zip(*(leaf.whole for leaf in leaves), strict=True)]
        speaks = [each[place] for each in spoken]
        matched = verdicts.matched[place].tolist()
        shown.append(_evidence(persona, leaves, joined, speaks, matched))
        evaluated.append(_evaluations(persona, joined, speaks, matched, _counted(outcomes, place)))
    return map(",".join, zip(*shown, strict=True)), map(",".join, zip(*evaluated, strict=True))


def _evidence(
    persona: BehaviouralPersona,
    leaves: list[LeafTexts],
    joined: list[str],
    speaks: list[Speaking],
    matched: list[bool],
) -> list[str]:
    """Return a persona's part of each customer's evidence."""
    by_signal = {leaf.signal: leaf.actual for leaf in leaves}
    named = [[f"{signal}:{value}" for value in actual] for signal, actual in by_signal.items()]
    figures = map(",".join, zip(*named, strict=True))
    came = {
        hit: f'{written(persona.id)}:{{"matched":{written(hit)},"evidence":{{'
        for hit in (False, True)
    }
    return [
        f'{came[hit]}{told}}},"matched_conditions":{_spelled(speaking)},"leaves":[{text}]}}'
        for hit, told, speaking, text in zip(matched, figures, speaks, joined, strict=True)
    ]


def _evaluations(
    persona: BehaviouralPersona,
    joined: list[str],
    speaks: list[Speaking],
    matched: list[bool],
    counted: list[str],
) -> list[str]:
    """Return a persona's part of each customer's evaluations."""
    came = {
        hit: f'{written(persona.id)}:{{"matched":{written(hit)},"criteria":['
        for hit in (False, True)
    }
    last = f',"priority":{written(persona.priority)}}}'
    return [
        f'{came[hit]}{text}],"triggered_by":{_spelled(speaking) if hit else _NOTHING}'
        f',"severity":{severity}{last}'
        for hit, text, speaking, severity in zip(matched, joined, speaks, counted, strict=True)
    ]


def _counted(outcomes: Outcomes, place: int) -> list[str]:
    if outcomes.severity is None:
        return [NULL] * len(outcomes)
    return list(map(repr, outcomes.severity[place].tolist()))


@lru_cache(maxsize=1 << 12)
def _spelled(speaks: Speaking) -> str:
    return written(speaks.spelled)


def _result(ranking: Ranking) -> str:
    first, second = ranking.primary, ranking.secondary
    return _result_of(
        first.number if first else None,
        ranking.reason,
        second.number if second else None,
        ranking.secondary_reason,
        ranking.status,
    )


@lru_cache(maxsize=1 << 12)
def _result_of(first: int | None, reason: str, second: int | None, after: str, status: str) -> str:
    return written({
        "primary_persona_id": first,
        "primary_reasoning": reason,
        "secondary_persona_id": second,
        "secondary_reasoning": after,
        "status": status,
    })  # fmt: skip
