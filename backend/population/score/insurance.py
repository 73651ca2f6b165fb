"""Measures of insurance: premiums, covers, and claims by the years that policies were in force.

Frequencies count paid claims with a date of loss from five years to half a year before the date:
younger losses may not be decided yet. The exposure is the same span, from a policy's inception,
a car each for auto and a policy each for homes; of optional covers, where they are held.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl

from backend.population.score.samples import (
    Figure,
    Measure,
    Needs,
    Sample,
    Share,
    Split,
    Tables,
    mean_of,
    share_of,
    total,
)

_YEAR: Final = 365.25
_FROM: Final = timedelta(days=1826)
_UNTIL: Final = timedelta(days=180)
_LAST_YEAR: Final = timedelta(days=365)
_APPROVED: Final = "approved"
_PERILS: Final = {
    "collision": "has_collision",
    "comprehensive": "has_comprehensive",
    "property damage liability": None,
    "bodily injury liability": None,
}
_HOME_CAUSES: Final = (
    "fire", "water damage", "wind and hail", "theft", "other property damage",
    "personal liability",
)  # fmt: skip


def years_in_force(policies: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the policies with ``years``, how long each was in force in the span, in years."""
    begin = pl.max_horizontal("original_inception_date", pl.lit(as_of - _FROM))
    days = (pl.lit(as_of - _UNTIL) - begin).dt.total_days().clip(lower_bound=0)
    return policies.with_columns(years=days / _YEAR)


def paid_claims(claims: pl.DataFrame, kind: str, as_of: date) -> pl.DataFrame:
    """Return the paid claims of a kind of policy in the span."""
    inside = pl.col("date_of_loss").is_between(as_of - _FROM, as_of - _UNTIL, closed="left")
    paid = (pl.col("status") == _APPROVED) & (pl.col("paid_amount") > 0)
    return claims.filter(inside & paid & (pl.col("type") == kind))


def _a_car(tables: Tables, _: date) -> Sample | None:
    cars = _of(tables["policies"], "auto")
    whole = total(cars["vehicles"])
    return Figure(total(cars["term_premium"]) / whole, len(cars)) if whole else None


def _held(cover: str) -> Measure:
    def share(tables: Tables, _: date) -> Sample | None:
        return share_of(_of(tables["policies"], "auto")[cover])

    return Measure({"policies": ("type", cover)}, share)


def _auto_frequency(cause: str, cover: str | None) -> Measure:
    def frequency(tables: Tables, as_of: date) -> Sample | None:
        cars = years_in_force(_of(tables["policies"], "auto"), as_of)
        cars = cars.filter(pl.col(cover)) if cover else cars
        exposed = total(cars["years"] * cars["vehicles"])
        claims = paid_claims(tables["claims"], "auto", as_of)
        count = len(claims.filter(pl.col("cause_of_loss") == cause))
        return Figure(100 * count / exposed, count) if exposed else None

    covers = ("has_collision", "has_comprehensive")
    return Measure({**_CLAIMS, "policies": (*_TERMS, "vehicles", *covers)}, frequency)


def _severity(kind: str, cause: str | None) -> Measure:
    def severity(tables: Tables, as_of: date) -> Sample | None:
        claims = paid_claims(tables["claims"], kind, as_of)
        claims = claims.filter(pl.col("cause_of_loss") == cause) if cause else claims
        return mean_of(claims["paid_amount"])

    return Measure(_CLAIMS, severity)


def _home_frequency(tables: Tables, as_of: date) -> Sample | None:
    exposed = total(years_in_force(_of(tables["policies"], "home"), as_of)["years"])
    count = len(paid_claims(tables["claims"], "home", as_of))
    return Figure(100 * count / exposed, count) if exposed else None


def _home_causes(tables: Tables, as_of: date) -> Sample | None:
    claims = paid_claims(tables["claims"], "home", as_of)
    counts = claims.group_by(pl.col("cause_of_loss").cast(pl.String)).len()
    parts = {cause: float(count) for cause, count in counts.iter_rows()}
    return Split(parts, len(claims)) if parts else None


def _homes_with_a_claim(tables: Tables, as_of: date) -> Sample | None:
    homes = _of(tables["policies"], "home")
    late = pl.col("date_of_loss") > as_of - _LAST_YEAR
    claims = tables["claims"].filter(late & (pl.col("type") == "home"))
    hit = homes.join(claims.select("policy_id").unique(), on="policy_id", how="semi")
    return Share(len(hit), len(homes)) if len(homes) else None


def _home_premium(tables: Tables, _: date) -> Sample | None:
    return mean_of(_of(tables["policies"], "home")["term_premium"])


def _of(policies: pl.DataFrame, kind: str) -> pl.DataFrame:
    return policies.filter(pl.col("type") == kind)


_TERMS: Final = ("policy_id", "type", "original_inception_date")
_CLAIMS: Final[Needs] = {
    "claims": ("policy_id", "type", "cause_of_loss", "date_of_loss", "status", "paid_amount")
}
_HOMES: Final[Needs] = {**_CLAIMS, "policies": _TERMS}

MEASURES: Final[Mapping[str, Measure]] = {
    "insurance.a_car": Measure({"policies": ("type", "term_premium", "vehicles")}, _a_car),
    "insurance.collision": _held("has_collision"),
    "insurance.comprehensive": _held("has_comprehensive"),
    **{
        f"insurance.frequency of {cause}": _auto_frequency(cause, cover)
        for cause, cover in _PERILS.items()
    },
    **{f"insurance.severity of {cause}": _severity("auto", cause) for cause in _PERILS},
    "insurance.home_frequency": Measure(_HOMES, _home_frequency),
    "insurance.home_severity": _severity("home", None),
    "insurance.home_causes": Measure(_HOMES, _home_causes),
    **{f"insurance.home severity of {cause}": _severity("home", cause) for cause in _HOME_CAUSES},
    "insurance.homes_with_a_claim": Measure(_HOMES, _homes_with_a_claim),
    "insurance.home_premium": Measure({"policies": ("type", "term_premium")}, _home_premium),
}
