"""Measures of care: plans, visits and prescriptions; visits and fills are those of a year."""

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
    Tables,
    mean_of,
    share_of,
    split_of,
)

_YEAR: Final = timedelta(days=365)
_MONTH: Final = timedelta(days=30)
_DAYS_A_YEAR: Final = 365.2425
_OLDEST: Final = 150
_OFFICE: Final = ("preventive", "primary", "specialist")
_AMBULATORY: Final = (*_OFFICE, "urgent", "emergency")


def aged(users: pl.DataFrame, as_of: date, youngest: int, oldest: int = _OLDEST) -> pl.DataFrame:
    """Return who is of these ages, in whole years, both included."""
    years = (pl.lit(as_of) - pl.col("date_of_birth")).dt.total_days() / _DAYS_A_YEAR
    return users.filter((years >= youngest) & (years < oldest + 1))


def drugs_of_late(fills: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return ``drugs``, how many prescribed drugs each took within the last 30 days."""
    ends = pl.col("fill_date") + pl.duration(days=pl.col("days_supply"))
    taken = fills.filter((ends > as_of - _MONTH) & (pl.col("fill_date") <= as_of))
    return taken.group_by("user_id").agg(drugs=pl.col("medication").n_unique())


def _plan_mix(tables: Tables, _: date) -> Sample | None:
    return split_of(tables["plans"]["plan_type"])


def _has_deductible(tables: Tables, _: date) -> Sample | None:
    return share_of(tables["plans"]["deductible"] > 0)


def _deductible(tables: Tables, _: date) -> Sample | None:
    return mean_of(tables["plans"].filter(pl.col("deductible") > 0)["deductible"])


def _low_maximum(tables: Tables, _: date) -> Sample | None:
    return share_of(tables["plans"]["out_of_pocket_max"] < _LOW)


def _high_maximum(tables: Tables, _: date) -> Sample | None:
    return share_of(tables["plans"]["out_of_pocket_max"] > _HIGH)


def _coinsurance(tables: Tables, _: date) -> Sample | None:
    shared = tables["plans"].filter(pl.col("coinsurance_pct") > 0)
    return mean_of(shared["coinsurance_pct"])


def _visits_per_100(classes: tuple[str, ...]) -> Measure:
    def per_100(tables: Tables, as_of: date) -> Sample | None:
        kinds = pl.col("class").cast(pl.String).is_in(classes)
        count = len(_of_the_year(tables["visits"], "visit_date", as_of).filter(kinds))
        everybody = len(tables["users"])
        return Figure(100 * count / everybody, count) if everybody else None

    return Measure({"users": (), **_VISITS}, per_100)


def _visits_from_75(tables: Tables, as_of: date) -> Sample | None:
    office = pl.col("class").cast(pl.String).is_in(_OFFICE)
    visits = _of_the_year(tables["visits"], "visit_date", as_of).filter(office)
    return _each(aged(tables["users"], as_of, 75), visits)


def _takes_a_drug(youngest: int, oldest: int) -> Measure:
    def share(tables: Tables, as_of: date) -> Sample | None:
        among = aged(tables["users"], as_of, youngest, oldest)
        return _takes(among, tables["fills"], as_of, 1)

    return Measure(_DRUGS, share)


def _takes_drugs(least: int) -> Measure:
    def share(tables: Tables, as_of: date) -> Sample | None:
        return _takes(tables["users"], tables["fills"], as_of, least)

    return Measure(_DRUGS, share)


def _takes(among: pl.DataFrame, fills: pl.DataFrame, as_of: date, least: int) -> Sample | None:
    drugs = among.join(drugs_of_late(fills, as_of), on="user_id", how="left")["drugs"]
    return Share(int((drugs.fill_null(0) >= least).sum()), len(among)) if len(among) else None


def _fills_a_person(youngest: int, oldest: int) -> Measure:
    def mean(tables: Tables, as_of: date) -> Sample | None:
        fills = _of_the_year(tables["fills"], "fill_date", as_of)
        return _each(aged(tables["users"], as_of, youngest, oldest), fills)

    return Measure({"users": ("date_of_birth",), "fills": ("fill_date",)}, mean)


def _fills_a_user(tables: Tables, as_of: date) -> Sample | None:
    fills = _of_the_year(tables["fills"], "fill_date", as_of)
    return mean_of(fills.group_by("user_id").len("count")["count"])


def _drugs_a_user(tables: Tables, as_of: date) -> Sample | None:
    fills = _of_the_year(tables["fills"], "fill_date", as_of)
    return mean_of(fills.group_by("user_id").agg(pl.col("medication").n_unique())["medication"])


def _of_the_year(records: pl.DataFrame, day: str, as_of: date) -> pl.DataFrame:
    return records.filter((pl.col(day) > as_of - _YEAR) & (pl.col(day) <= as_of))


def _each(among: pl.DataFrame, records: pl.DataFrame) -> Sample | None:
    counts = records.group_by("user_id").len("count")
    return mean_of(among.join(counts, on="user_id", how="left")["count"].fill_null(0))


_LOW, _HIGH = 2000, 6000
_VISITS: Final[Needs] = {"visits": ("visit_date", "class")}
_DRUGS: Final[Needs] = {
    "users": ("date_of_birth",),
    "fills": ("fill_date", "days_supply", "medication"),
}

MEASURES: Final[Mapping[str, Measure]] = {
    "care.plan_mix": Measure({"plans": ("plan_type",)}, _plan_mix),
    "care.has_deductible": Measure({"plans": ("deductible",)}, _has_deductible),
    "care.deductible": Measure({"plans": ("deductible",)}, _deductible),
    "care.low_maximum": Measure({"plans": ("out_of_pocket_max",)}, _low_maximum),
    "care.high_maximum": Measure({"plans": ("out_of_pocket_max",)}, _high_maximum),
    "care.coinsurance": Measure({"plans": ("coinsurance_pct",)}, _coinsurance),
    "care.office_visits": _visits_per_100(_OFFICE),
    "care.ambulatory_visits": _visits_per_100(_AMBULATORY),
    "care.emergency_visits": _visits_per_100(("emergency",)),
    "care.visits_from_75": Measure({"users": ("date_of_birth",), **_VISITS}, _visits_from_75),
    "care.takes_a_drug_under_60": _takes_a_drug(20, 59),
    "care.takes_a_drug_from_60": _takes_a_drug(60, _OLDEST),
    "care.takes_three_drugs": _takes_drugs(3),
    "care.takes_five_drugs": _takes_drugs(5),
    "care.fills_under_65": _fills_a_person(19, 64),
    "care.fills_from_65": _fills_a_person(65, _OLDEST),
    "care.fills_a_user": Measure({"fills": ("fill_date",)}, _fills_a_user),
    "care.drugs_a_user": Measure({"fills": ("fill_date", "medication")}, _drugs_a_user),
}
