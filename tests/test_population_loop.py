from datetime import date

import pytest

from backend.errors import InputError
from backend.population import loop_report
from backend.population.loop import (
    RULEBOOKS,
    Loop,
    looped_presets,
    run_loop,
    targets_in,
)
from backend.strictjson import canonical
from tests.cohort_kit import FAKER

AS_OF = date(2026, 1, 31)


@pytest.fixture(scope="module")
def archetypes() -> Loop:
    return run_loop("archetypes", 75, AS_OF, FAKER)


@pytest.mark.parametrize(
    "name",
    [
        "high_utilization_focus", "variable_income_focus", "subscription_heavy_focus",
        "savings_builder_focus",
    ],
)  # fmt: skip
def test_single_targets_come_out_as_they_were_made(name: str) -> None:
    loop = run_loop(name, 500, AS_OF, FAKER)
    for row in loop.rows:
        assert row.users == 500
        assert row.came.total() == 500
        if row.rulebook == "severity":
            assert row.share is not None
            assert row.share >= 0.95, row


def test_members_of_overlaps_qualify_for_both() -> None:
    for row in run_loop("overlap_testing", 400, AS_OF, FAKER).rows:
        assert row.rulebook != "severity" or (row.share or 0) >= 0.9, row


def test_archetypes_give_a_row_a_user_and_window(archetypes: Loop) -> None:
    for rulebook in RULEBOOKS:
        rows = [row for row in archetypes.rows if row.rulebook == rulebook]
        assert sum(row.users for row in rows) == 150
        for target in targets_in("archetypes"):
            each = [row.users for row in rows if row.target == target]
            assert len(each) == 2
            assert each[0] == each[1] >= 1


def test_archetypes_come_out_as_their_own_persona(archetypes: Loop) -> None:
    for row in archetypes.rows:
        if row.rulebook != "severity" or row.target.startswith("young"):
            continue
        persona, _ = row.came.most_common(1)[0]
        assert persona in row.expected
        assert row.share == 1.0, row
        if row.target == "general":
            assert row.came == {"stable": row.users}


def test_windows_of_somebody_differ(archetypes: Loop) -> None:
    assert archetypes.differ["severity"] >= 1


def test_blocks_change_nothing() -> None:
    whole = run_loop("overlap_testing", 300, AS_OF, FAKER)
    first = run_loop("overlap_testing", 260, AS_OF, FAKER)
    assert sum(row.users for row in whole.rows) == 1200
    for one, more in zip(first.rows, whole.rows, strict=True):
        assert all(more.came[name] >= count for name, count in one.came.items())


def test_presets_with_nobody_to_measure_are_refused() -> None:
    assert "natural" not in looped_presets()
    with pytest.raises(InputError, match="natural makes nobody to measure"):
        run_loop("natural", 10, AS_OF, FAKER)
    with pytest.raises(InputError, match="preset: archetypes"):
        run_loop("savers", 10, AS_OF, FAKER)


def test_a_report_tells_the_same_in_every_form(archetypes: Loop) -> None:
    document = loop_report.as_json(archetypes)
    assert canonical(document)
    assert document["windows_differ"] == dict(archetypes.differ)
    page = loop_report.as_markdown(archetypes)
    assert "75 users, seed 141, as of 2026-01-31" in page
    for row in archetypes.rows:
        assert f"| {' | '.join(loop_report.cells(row))} |" in page


def test_shares_are_rounded_down(archetypes: Loop) -> None:
    row = archetypes.rows[0]
    row.hits, row.users = 1999, 2000
    assert loop_report.percent(row) == "99.9%"
