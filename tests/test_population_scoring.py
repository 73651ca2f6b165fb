"""The scorecard's machinery, and what it is held against."""

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from backend.errors import ConfigurationError, InputError
from backend.population.export import export
from backend.population.score import report
from backend.population.score.rows import FILE, Row, Scorecard, Target, read_scorecard, scorecard
from backend.population.score.samples import Figure, Fit, Mean, Sample, Share, Split
from backend.population.score.scoring import MEASURES, columns_of, judge, score
from backend.population.score.verdict import compare, is_green
from backend.strictjson import canonical
from backend.yamlfile import parse_yaml
from tests.live import ROOT
from tests.population_kit import AS_OF, FAKER, install, population, toy

PAGE = ROOT / "docs" / "scorecard.md"


def row(**changes: Any) -> Row:
    given: dict[str, Any] = {
        "id": "x", "theme": "credit", "quantity": "X", "measure": "credit.high_utilisation",
        "unit": "%", "test": "share", "targets": [{"value": 50}], "within": 2, "source": "s",
        "note": "n.",
    }  # fmt: skip
    return Row.model_validate({**given, **changes})


def green(a_row: Row, sample: Sample) -> bool:
    return is_green(a_row, compare(a_row, sample))


def test_a_share_is_green_within_so_many_points() -> None:
    assert green(row(), Share(519, 1000))
    assert not green(row(), Share(521, 1000))


def test_a_share_has_a_band_and_a_p_value_of_its_own() -> None:
    few, many = compare(row(), Share(26, 50)), compare(row(), Share(52_000, 100_000))
    assert few.p is not None
    assert many.p is not None
    assert few.p > 0.5
    assert many.p < 0.001
    assert few.band is not None
    assert few.band[0] < 50 < few.band[1]


def test_a_range_is_met_anywhere_in_it() -> None:
    in_range = row(targets=[{"low": 14.3, "high": 16}], within=1)
    assert green(in_range, Share(15, 100))
    assert green(in_range, Share(17, 100))
    assert not green(in_range, Share(18, 100))


def test_a_bound_is_met_on_one_side() -> None:
    at_least = row(test="ratio", unit="times", targets=[{"low": 1}], within=0)
    assert green(at_least, Figure(1.4, 10))
    assert not green(at_least, Figure(0.99, 10))


def test_a_mean_is_green_within_so_many_percent() -> None:
    mean = row(test="mean", unit="$", targets=[{"value": 200}], within="10%")
    assert green(mean, Mean(219.0, 50.0, 100))
    assert not green(mean, Mean(221.0, 50.0, 100))


def test_of_several_targets_the_nearest_decides() -> None:
    either = row(targets=[{"of": "2023", "value": 45}, {"of": "2021", "value": 36}])
    assert compare(either, Share(37, 100)).target.of == "2021"
    assert green(either, Share(44, 100))
    assert not green(either, Share(40, 100))


SHARES = {"a": 50.0, "b": 30.0, "other": 20.0}


def test_a_split_is_green_within_half_the_sum_of_its_differences() -> None:
    split = row(test="total variation", targets=[{"shares": SHARES}], within=5)
    near = compare(split, Split({"a": 55, "b": 27, "c": 10, "d": 8}, 100))
    assert near.off == pytest.approx(5.0)
    assert near.parts == pytest.approx({"a": 55.0, "b": 27.0, "other": 18.0})
    assert not green(split, Split({"a": 100}, 100))


def test_a_class_that_nobody_expects_counts_against_a_split() -> None:
    split = row(test="total variation", targets=[{"shares": {"a": 60, "b": 40}}], within=5)
    assert compare(split, Split({"a": 54, "b": 36, "c": 10}, 100)).off == pytest.approx(10.0)


def test_money_has_no_p_value_and_a_count_has() -> None:
    split = row(test="total variation", targets=[{"shares": SHARES}], within=5)
    assert compare(split, Split(SHARES, None)).p is None
    assert compare(split, Split(SHARES, 1000)).p == pytest.approx(1.0)
    assert compare(split, Split({"a": 1.0}, 1000)).p == pytest.approx(0.0)


def test_a_mean_absolute_deviation_is_the_mean_of_the_differences() -> None:
    digits = row(test="mean absolute deviation", targets=[{"shares": SHARES}], within=1)
    assert compare(digits, Split({"a": 53, "b": 30, "other": 17}, 100)).off == pytest.approx(2.0)


def test_a_fit_is_green_within_its_distance() -> None:
    fit = row(test="Kolmogorov-Smirnov", unit="times", targets=[{}], within=0.05)
    assert green(fit, Fit(0.04, 10_000))
    assert not green(fit, Fit(0.06, 10_000))


def test_a_target_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="a split is compared with shares"):
        compare(row(), Split({"a": 1}, 1))
    with pytest.raises(TypeError, match="a value or a range"):
        compare(row(targets=[{}]), Share(1, 2))


# --- the file -----------------------------------------------------------------------------------


def test_every_row_has_a_measure_and_every_measure_a_row() -> None:
    assert {one.measure for one in scorecard().rows} == MEASURES.keys()


def test_every_row_says_where_its_target_stands() -> None:
    for one in scorecard().rows:
        assert one.source
        assert (one.source == "none found") == (one.standing == "unsourced"), one.id
        assert one.note.endswith("."), one.id


def edited(old: str, new: str) -> Scorecard:
    text = FILE.read_text()
    assert old in text
    return read_scorecard(parse_yaml(text.replace(old, new, 1).encode(), "card.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("within: 8\n", "within: 8 points\n", r"card.yaml, line 6: .*ends in %"),
        ("theme: credit", "theme: debt", r"card.yaml, line 7: "),
        ("id: score_bands\n", "id: mean_score\n", r"two rows have one id"),
        ("  a_year: ", "  a_month: ", r"explanations of rows that are not there: a_month"),
        ("unit: points", "unit: points\n    colour: red", r"card.yaml, line 1\d: Extra inputs"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(old: str, new: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        edited(old, new)


# --- results ------------------------------------------------------------------------------------


def used(*parts: float) -> dict[str, pl.DataFrame]:
    cards = [{"user_id": str(at), "type": "credit", "balance_current": part * 1000,
              "balance_limit": 1000.0} for at, part in enumerate(parts)]  # fmt: skip
    return {"accounts": pl.DataFrame(cards), "users": pl.DataFrame(cards).select("user_id")}


CARD = Scorecard(
    rows=(
        row(id="high", targets=(Target(value=25.0),), within=5),
        row(id="premiums", test="mean", unit="$", measure="insurance.home_premium"),
    ),
    explanations={"high": "Nobody owes so much.", "premiums": "None."},
)


def test_what_the_data_can_not_tell_is_said_and_not_judged() -> None:
    high, premiums = judge(CARD, used(0.1, 0.6, 0.2, 0.3), AS_OF)
    assert (high.verdict, high.reason) == ("green", None)
    assert (premiums.verdict, premiums.finding, premiums.reason) == ("not in this data", None, None)
    nobody = judge(CARD, {name: table[:0] for name, table in used(0.1).items()}, AS_OF)
    assert [one.verdict for one in nobody] == ["not in this data"] * 2


def test_a_red_row_gives_its_reason() -> None:
    high, _ = judge(CARD, used(0.1, 0.6, 0.7, 0.8), AS_OF)
    assert (high.verdict, high.reason) == ("red", "Nobody owes so much.")


def test_only_the_columns_that_are_looked_at_are_read() -> None:
    assert columns_of(CARD.rows) == {
        "accounts": {"user_id", "type", "balance_current", "balance_limit"},
        "users": {"user_id"},
        "policies": {"user_id", "type", "term_premium"},
    }


def test_a_folder_without_a_population_can_not_be_scored(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"manifest.json"):
        score(tmp_path, scorecard())


@pytest.mark.parametrize("content", [None, b"", b"PAR1 and no more"])
def test_a_table_that_can_not_be_read_is_told_by_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    install(monkeypatch, toy("toy"))
    export(population(), 3, tmp_path / "out", "parquet", FAKER)
    users = tmp_path / "out" / "users.parquet"
    users.unlink()
    if content is not None:
        users.write_bytes(content)
    with pytest.raises(InputError, match=r"users.parquet: can not be read as the table users: "):
        score(tmp_path / "out", scorecard())


def test_a_table_whose_name_leads_elsewhere_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, toy("toy"))
    export(population(), 3, tmp_path / "out", "parquet", FAKER)
    manifest = tmp_path / "out" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"movements"', '"../movements"'))
    with pytest.raises(InputError, match=r"no manifest of a population: tables"):
        score(tmp_path / "out", scorecard())


def test_results_are_canonical_json() -> None:
    results = judge(CARD, used(0.1, 0.6, 0.2, 0.3), AS_OF)
    first, second = (report._row_as_json(one) for one in results)  # noqa: SLF001 - the rows alone, without a manifest
    assert first["measured"]["value"] == 25.0
    assert first["measured"]["n"] == 4
    assert second["measured"] is None
    assert canonical([first, second])


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [("$", 6618.4, "$6,618"), ("$", -1234.0, "-$1,234"), ("%", 14.31, "14.3%"),
     ("points", 715.04, "715.0"), ("times", 1.234, "1.23")],
)  # fmt: skip
def test_a_figure_is_told_in_its_unit(unit: str, value: float, text: str) -> None:
    assert report.amount(row(unit=unit), value) == text


# --- the page -----------------------------------------------------------------------------------


def test_the_page_has_the_rows_of_the_scorecard() -> None:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    quantities = [re.split(r" \| ", line[2:])[0] for line in lines]
    told = [name for name in quantities if name not in {"quantity", "---"}]
    themes = list(dict.fromkeys(one.theme for one in scorecard().rows))
    wanted = [one.quantity for theme in themes for one in scorecard().rows if one.theme == theme]
    assert told == wanted


def test_the_page_names_every_source() -> None:
    text = PAGE.read_text()
    assert not [one.id for one in scorecard().rows if one.source.replace("|", "/") not in text]
