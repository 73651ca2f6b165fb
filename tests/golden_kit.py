"""Fingerprints of a few customers a mode: every byte of their facts and signals.

Run as ``python -m tests.golden_kit`` to print them; ``python -m tests.golden_kit write`` writes
``tests/golden/<mode>.json``. That is to be done on purpose, with a new ``GENERATOR_VERSION``.
"""

import json
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

from backend.domain.identity import Identity
from backend.modes import Cohort, all_modes, generate
from backend.seeds import SeededFaker
from backend.strictjson import canonical
from backend.version import GENERATOR_VERSION

FOLDER: Final = Path(__file__).with_name("golden")

_IDS: Final = ("demo-1", "demo-2", "alice", "b:0.7", "0c1f9a52-6c1e-4c55-9b52-0d7c4a8f3d21")
_TOLD: Final[tuple[tuple[date, Identity, int], ...]] = (
    (date(2026, 1, 15), "mode", 1),
    (date(2020, 1, 1), "mode", 1),
    (date(2045, 12, 31), "mode", 2),
    (date(2028, 2, 29), "session", 1),
)
_WINDOWS: Final = (30, 180)

Fingerprints: TypeAlias = dict[str, str]


def fingerprints(mode_id: str) -> Fingerprints:
    """Return a hash a customer: of the session persona and of the signals of both windows."""
    faker, found = SeededFaker(), {}
    for as_of, identity, visit in _TOLD:
        customers = generate(mode_id, _IDS, as_of, faker, identity=identity, visit=visit)
        for row, name in enumerate(_IDS):
            told = canonical(_whole(customers, row))
            key = f"{name} {as_of} {identity}/{visit}"
            found[key] = sha256(told.encode()).hexdigest()
    return found


def golden(mode_id: str) -> dict[str, object]:
    """Return what the mode's golden file is to hold."""
    return {"generator": GENERATOR_VERSION, "customers": fingerprints(mode_id)}


def _whole(customers: Cohort, row: int) -> dict[str, object]:
    signals = {
        str(window): {
            name: float(column.values[row]) if column.known[row] else None
            for name, column in customers.signals(window).items()
        }
        for window in _WINDOWS
    }
    return {"customer": customers.persona(row).model_dump(mode="json"), "signals": signals}


def main(arguments: list[str]) -> None:
    """Print all fingerprints, or write them to the golden files of the modes named."""
    if arguments[:1] != ["write"]:
        print(json.dumps({mode_id: fingerprints(mode_id) for mode_id in all_modes()}))  # noqa: T201 - its output
        return
    for mode_id in arguments[1:] or all_modes():
        text = json.dumps(golden(mode_id), indent=2) + "\n"
        (FOLDER / f"{mode_id}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
