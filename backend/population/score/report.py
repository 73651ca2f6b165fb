"""Results for people and for programs: JSON, Markdown and the words of both."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from backend.population.manifest import Manifest
from backend.population.score.rows import Row, Target
from backend.population.score.scoring import Result
from backend.population.score.verdict import Finding

TITLE: Final = "# How real the customers are"
COLUMNS: Final = (
    "quantity", "in the world", "here", "test", "p", "verdict", "source",
)  # fmt: skip
_INTRODUCTION: Final = """Each row compares a population with a public figure of US consumers. A \
row is green where the difference lies within its tolerance; the p-value beside it says how likely \
such a difference is by chance, which with many customers is never. Sources that quote the body \
which measured are marked "secondary", figures recalled without a page "unsourced": green beside \
those says little.

This page is written by `walkin population score DIR --markdown`; do not edit it."""
_DIGITS: Final = 4
_SMALLEST_P: Final = 0.001


def as_json(manifest: Manifest, results: Sequence[Result]) -> dict[str, Any]:
    """Return the results as JSON has them."""
    return {
        "population": manifest.model_dump(mode="json", exclude={"tables"}),
        "counts": counts(results),
        "rows": [_row_as_json(result) for result in results],
    }


def counts(results: Sequence[Result]) -> dict[str, int]:
    """Return how many rows have each verdict."""
    verdicts = [result.verdict for result in results]
    return {name: verdicts.count(name) for name in ("green", "red", "not in this data")}


def as_markdown(manifest: Manifest, results: Sequence[Result]) -> str:
    """Return the results as a page."""
    lines = [
        TITLE, "", _INTRODUCTION, "",
        _about(manifest, counts(results)),
    ]  # fmt: skip
    for theme in dict.fromkeys(result.row.theme for result in results):
        mine = [result for result in results if result.row.theme == theme]
        lines += ["", f"## {theme.capitalize()}", "", *_markdown_table(mine)]
        lines += ["", *(f"- *{result.row.quantity}*: {_remark(result)}" for result in mine)]
    return "\n".join(lines) + "\n"


def _about(manifest: Manifest, told: Mapping[str, int]) -> str:
    found = ", ".join(f"{count} rows {verdict}" for verdict, count in told.items())
    return (
        f"{manifest.users} customers, preset `{manifest.preset}`, seed {manifest.seed}, as of "
        f"{manifest.as_of}, generator {manifest.generator}, modes {', '.join(manifest.modes)}: "
        f"{found}."
    )


def cells(result: Result) -> tuple[str, ...]:
    """Return a row's cells, in the order of ``COLUMNS``."""
    row, finding = result.row, result.finding
    source = row.source if row.standing == "primary" else f"{row.source} ({row.standing})"
    return (
        row.quantity,
        target_text(row, row.targets if finding is None else (finding.target,)),
        "-" if finding is None else found_text(row, finding),
        f"{row.test}, within {_tolerance(row)}",
        "-" if finding is None or finding.p is None else _p(finding.p),
        result.verdict,
        source,
    )


def target_text(row: Row, targets: Sequence[Target]) -> str:
    """Return what a quantity is in the world; of several targets all."""
    return " or ".join(_target(row, target) for target in targets)


def found_text(row: Row, finding: Finding) -> str:
    """Return what was found, with its 95% band or with the shares of a split."""
    if finding.parts is not None:
        return f"{_shares(finding.parts)}; {finding.off:.2f} points apart"
    if row.test == "Kolmogorov-Smirnov":
        return f"{finding.value:.3f} apart"
    text = amount(row, finding.value)
    if finding.band is None:
        return text
    low, high = (amount(row, edge) for edge in finding.band)
    return f"{text} ({low} to {high})"


def amount(row: Row, value: float) -> str:
    """Return a figure in the row's unit."""
    match row.unit:
        case "$":
            return f"-${-value:,.0f}" if value < 0 else f"${value:,.0f}"
        case "%":
            return f"{value:.1f}%"
        case _:
            return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"  # noqa: PLR2004 - three digits tell enough


def _target(row: Row, target: Target) -> str:
    if target.shares is not None:
        text = _shares(target.shares)
    elif target.value is not None:
        text = amount(row, target.value)
    elif target.low is not None and target.high is not None:
        text = f"{amount(row, target.low)} to {amount(row, target.high)}"
    elif target.low is not None:
        text = f"{amount(row, target.low)} or more"
    elif target.high is not None:
        text = f"{amount(row, target.high)} or less"
    else:
        text = "the shape"
    return f"{text} ({target.of})" if target.of else text


def _shares(parts: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share:.1f}" for name, share in parts.items())


def _tolerance(row: Row) -> str:
    if row.relative:
        return str(row.within)
    return f"{row.tolerance:g} points" if row.unit == "%" else f"{row.tolerance:g}"


def _p(p: float) -> str:
    return f"< {_SMALLEST_P}" if p < _SMALLEST_P else f"{p:.3f}"


def _remark(result: Result) -> str:
    return f"{result.row.note} {result.reason}" if result.reason else result.row.note


def _markdown_table(results: Sequence[Result]) -> list[str]:
    lines = [COLUMNS, ("---",) * len(COLUMNS), *map(cells, results)]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines]


def _row_as_json(result: Result) -> dict[str, Any]:
    row, finding = result.row, result.finding
    document: dict[str, Any] = {
        **row.model_dump(mode="json", exclude={"targets"}, exclude_none=True),
        "targets": [target.model_dump(mode="json", exclude_none=True) for target in row.targets],
        "verdict": result.verdict,
        "reason": result.reason,
    }
    if finding is None:
        return {**document, "measured": None}
    return {**document, "measured": _measured(finding)}


def _measured(finding: Finding) -> dict[str, Any]:
    band = finding.band
    return {
        "value": round(finding.value, _DIGITS),
        "band": None if band is None else [round(edge, _DIGITS) for edge in band],
        "parts": None
        if finding.parts is None
        else {name: round(share, _DIGITS) for name, share in finding.parts.items()},
        "off": round(finding.off, _DIGITS),
        "p": None if finding.p is None else round(finding.p, _DIGITS),
        "n": finding.n,
    }
