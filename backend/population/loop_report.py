"""What a closed loop came to: for people, for programs, and as a page."""

from collections import Counter
from typing import Any, Final

from backend.population.loop import RULEBOOKS, WINDOWS, Loop, Row

COLUMNS: Final = ("target", "window", "to be", "users", "came out so", "first", "second")
_MOST: Final = 4
_TENTHS: Final = 1000


def cells(row: Row) -> tuple[str, ...]:
    """Return a row as text: ``COLUMNS``."""
    share = "" if row.share is None else percent(row)
    return (
        row.target,
        f"{row.window}d",
        " and ".join(row.expected) or "none",
        str(row.users),
        share,
        _most(row.came),
        _most(row.second),
    )


def percent(row: Row) -> str:
    """Return the share of those who came out as expected, rounded down to a tenth of a percent."""
    tenths = row.hits * _TENTHS // max(row.users, 1)
    return f"{tenths // 10}.{tenths % 10}%"


def as_json(loop: Loop) -> dict[str, Any]:
    """Return a run as JSON has it."""
    return {
        "preset": loop.preset,
        "seed": loop.seed,
        "as_of": loop.as_of.isoformat(),
        "users": loop.users,
        "windows_differ": dict(loop.differ),
        "rows": [
            {
                "rulebook": row.rulebook,
                "window": f"{row.window}d",
                "target": row.target,
                "expected": list(row.expected),
                "users": row.users,
                "hits": row.hits,
                "primary": dict(_ordered(row.came)),
                "secondary": dict(_ordered(row.second)),
            }
            for row in loop.rows
        ],
    }


def as_markdown(loop: Loop) -> str:
    """Return a run as a part of a page."""
    lines = [f"## {loop.preset}", "", headline(loop), ""]
    for rulebook in RULEBOOKS:
        lines += [f"### {loop.preset}, rulebook {rulebook}", ""]
        lines += [_line(COLUMNS), _line(("---",) * len(COLUMNS))]
        lines += [_line(cells(row)) for row in loop.rows if row.rulebook == rulebook]
        lines.append("")
    return "\n".join(lines)


def headline(loop: Loop) -> str:
    """Return one sentence on what was made, and for how many the windows differ."""
    differ = " and ".join(f"{count} in {name}" for name, count in loop.differ.items())
    windows = " and ".join(f"{window}d" for window in WINDOWS)
    return (
        f"{loop.users} users, seed {loop.seed}, as of {loop.as_of}, windows {windows}; "
        f"the windows of {differ} differ."
    )


def _most(count: Counter[str]) -> str:
    told = [f"{name} {number}" for name, number in _ordered(count)]
    return ", ".join(told[:_MOST]) + (", ..." if told[_MOST:] else "")


def _ordered(count: Counter[str]) -> list[tuple[str, int]]:
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))


def _line(values: tuple[str, ...]) -> str:
    return f"| {' | '.join(values)} |"
