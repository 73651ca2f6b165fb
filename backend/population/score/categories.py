"""Which of Plaid's categories count as what, as the published figures draw the lines."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from backend.yamlfile import read_yaml

CODE: Final = "personal_finance_category_detailed"
OTHER: Final = "other"


@cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_yaml(Path(__file__).with_name("spending.yaml")).value
    return found


def is_of(name: str) -> pl.Expr:
    """Return whether a movement's category is one of those under a name of ``spending.yaml``.

    A code stands for itself and for all that begin with it, as a primary category does.
    """
    return pl.any_horizontal(_begins_with(code) for code in _table()[name])


def household_class() -> pl.Expr:
    """Return the household survey's class of a movement."""
    named = [(code, name) for name, codes in _table()["classes"].items() for code in codes]
    expression = pl.lit(OTHER)
    # the longest stands outermost, so it decides
    for code, name in sorted(named, key=lambda pair: len(pair[0])):
        expression = pl.when(_begins_with(code)).then(pl.lit(name)).otherwise(expression)
    return expression


def _begins_with(code: str) -> pl.Expr:
    # of categories each is looked at once, of text every row
    return pl.col(CODE).cast(pl.Categorical).cat.starts_with(code)
