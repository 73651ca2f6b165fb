"""Rows of figures as a Markdown table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """One benchmark's outcome.

    Attributes:
        title: the heading.
        note: what was measured, in a sentence or two.
        columns: the headings of the columns; the first is the side's name.
        rows: as many cells a row.
    """

    title: str
    note: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def markdown(self) -> str:
        """Return the table with its heading and note."""
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [_line(self.columns, widths), _line([_rule(width) for width in widths], widths)]
        lines += [_line(row, widths) for row in self.rows]
        return "\n".join([f"### {self.title}", "", self.note, "", *lines, ""])


def ratio(figure: float, beside: float) -> str:
    """Return how many times ``beside`` a figure is."""
    return f"{figure / beside:.2f}" if beside > 0 else "-"


def _rule(width: int) -> str:
    return "-" * width


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    # the side's name to the left, figures to the right
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(padded)} |"
