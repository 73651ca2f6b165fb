"""What the targets ask of lives: ``targets.yaml`` beside what the controls say, as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from backend.errors import InputError
from backend.population.controls.model import PAYROLL, UTILIZATION, OperatorControls
from backend.yamlfile import read_yaml

FREE: Final = "free"
_SERVICES: Final = 3  # services that a heavy subscriber has at least
_FULL_OF_LOW: Final = 0.6  # of those with little of a limit in use pay in full, own round figure


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked of lives, a row a target, or a customer once taken: ``(t,)`` unless said.

    ``card``, ``full``, ``subscribes`` and ``saves`` are probabilities; ``used`` and ``pays``
    running shares of the buckets, ``(t, buckets)``; ``months``, ``cushion``, ``spends``,
    ``by_card`` and ``limits`` from and to, ``(2, t)``, both 0 where nothing is asked. Money is in
    dollars. ``services`` is how many subscriptions somebody has at least.
    """

    card: NDArray[np.float64]
    second: NDArray[np.bool_]
    full: NDArray[np.float64]
    subscribes: NDArray[np.float64]
    saves: NDArray[np.float64]
    used: NDArray[np.float64]
    pays: NDArray[np.float64]
    pension: NDArray[np.bool_]
    every: NDArray[np.int64]
    part: NDArray[np.float64]
    transfer: NDArray[np.float64]
    twice: NDArray[np.bool_]
    months: NDArray[np.float64]
    cycle: NDArray[np.int64]
    cushion: NDArray[np.float64]
    lean: NDArray[np.float64]
    spends: NDArray[np.float64]
    activity: NDArray[np.float64]
    by_card: NDArray[np.float64]
    bills_by: NDArray[np.int64]
    limits: NDArray[np.float64]
    newcomers: NDArray[np.float64]
    services: NDArray[np.int64]

    def take(self, at: NDArray[np.int64]) -> "Asked":
        """Return what is asked of customers with the targets ``at``."""
        columns = {
            one.name: getattr(self, one.name)[:, at]
            if one.name in _BETWEEN
            else getattr(self, one.name)[at]
            for one in fields(self)
        }
        return Asked(**columns)


_BETWEEN: Final = frozenset({"months", "cushion", "spends", "by_card", "limits"})


def ask(controls: OperatorControls, names: Sequence[str]) -> Asked:
    """Return what the targets of these names, or ``FREE``, ask of lives under the controls.

    Raises:
        InputError: the controls leave a target nothing to choose from.
    """
    rows = [_row(name) for name in names]
    rates = {
        "card": controls.credit_card_probability,
        "full": _FULL_OF_LOW,
        "subscribes": controls.subscription_adoption_rate,
        "saves": controls.savings_adoption_rate,
    }
    chances = {
        what: np.array([_chance(row[what], rate) for row in rows]) for what, rate in rates.items()
    }
    between = {what: np.array([row[what] or (0.0, 0.0) for row in rows]).T for what in _BETWEEN}
    numbers = {
        what: np.array([float(row[what]) for row in rows])
        for what in ("part", "transfer", "activity", "newcomers", "lean")
    }
    whole = {
        what: np.array([int(row[what]) for row in rows]) for what in ("every", "cycle", "bills_by")
    }
    _check_transfers(controls, names, rows)
    used, pays = controls.credit_utilization_distribution, controls.payroll_pattern_distribution
    return Asked(
        **chances, **between, **numbers, **whole,
        used=np.array([
            _edges("credit_utilization_distribution", used, UTILIZATION, row["used"], name)
            for name, row in zip(names, rows, strict=True)
        ]),
        pays=np.array([
            _edges("payroll_pattern_distribution", pays, PAYROLL, row["pays"], name)
            for name, row in zip(names, rows, strict=True)
        ]),
        twice=np.array([bool(row["twice"]) for row in rows]),
        second=np.array([bool(row["second"]) for row in rows]),
        pension=np.array([bool(row["pension"]) for row in rows]),
        services=np.array([_SERVICES * (row["subscribes"] == "always") for row in rows]),
    )  # fmt: skip


@cache
def _document() -> Mapping[str, Any]:
    value: Mapping[str, Any] = read_yaml(Path(__file__).with_name("targets.yaml")).value
    return value


def _row(name: str) -> Mapping[str, Any]:
    document = _document()
    return document[FREE] if name == FREE else {**document[FREE], **document["targets"][name]}


def _chance(asked: str, rate: float) -> float:
    return {"any": rate, "always": 1.0, "never": 0.0}[asked]


def _edges(
    field: str, shares: Mapping[str, float], names: Sequence[str], allowed: Sequence[str], who: str
) -> list[float]:
    """Return the running shares of the buckets that are allowed."""
    held = [shares.get(name, 0.0) if name in allowed else 0.0 for name in names]
    if sum(held) <= 0:
        raise InputError(
            f"{field}: the target {who} takes {', '.join(allowed)}, and these have no share."
        )
    return [sum(held[: at + 1]) for at in range(len(held))]


def _check_transfers(
    controls: OperatorControls, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    most = controls.savings_transfer_range[1]
    for name, row in zip(names, rows, strict=True):
        if row["saves"] == "always" and row["transfer"] > most:
            raise InputError(
                f"savings_transfer_range: the target {name} puts {row['transfer']} dollars a month "
                f"aside or more, and the range ends at {most:g}."
            )
