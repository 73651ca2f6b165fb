import pytest

from backend.domain.assignment import Assignment
from backend.errors import InputError
from backend.personas.assigner import Guidance, assign, guidance
from backend.strictjson import canonical
from tests.persona_kit import leaf, persona, rulebook, rulebook_of, table

RULES = rulebook(
    heavy_use=leaf("use_pct", ">=", 50),
    thin_fund={"any": [leaf("fund_months", "<", 3), leaf("limit_total", "<", 500)]},
    regular={"all": [leaf("visit_count", ">=", 3), {"not": leaf("use_pct", ">=", 50)}]},
)


def one(**figures: float | None) -> Assignment:
    return assign(RULES, table(**{name: [value] for name, value in figures.items()}), "30d")[0]


def test_a_customer_is_given_the_best_persona_with_its_reason_and_title() -> None:
    found = one(use_pct=62.5, fund_months=1.0)
    assert (found.rulebook, found.time_window, found.status) == ("made", "30d", "ASSIGNED")
    assert (found.primary, found.secondary) == ("heavy_use", "thin_fund")
    assert found.qualifying == ("heavy_use", "thin_fund")
    assert found.reason == "Highest priority match among 2 qualifying personas (priority 1)"
    assert found.title == "Heavy use"
    assert tuple(found.evidence) == ("heavy_use", "thin_fund", "regular")


def test_a_customer_whom_nothing_fits_is_unclassified_and_fully_traced() -> None:
    found = one(use_pct=10.0)
    assert (found.status, found.primary, found.secondary) == ("UNCLASSIFIED", "unclassified", None)
    assert (found.qualifying, found.title) == ((), "Nobody in particular")
    assert found.reason == "No qualifying personas found"
    assert [leaf.outcome for leaf in found.evidence["thin_fund"].leaves] == ["unknown", "unknown"]


def test_customers_come_out_in_the_order_of_the_table() -> None:
    found = assign(RULES, table(use_pct=[0.0, 60.0, None], fund_months=[9.0, 9.0, 1.0]), "180d")
    assert [item.primary for item in found] == ["unclassified", "heavy_use", "thin_fund"]
    assert {item.time_window for item in found} == {"180d"}


def test_a_customer_alone_is_assigned_to_the_last_byte_as_among_many() -> None:
    use = [12.3, None, 50.0, 49.9, 77.7]
    fund = [2.9, 3.0, None, 0.1, 12.0]
    visits = [3.0, 2.0, None, 9.0, 0.0]
    among = assign(RULES, table(use_pct=use, fund_months=fund, visit_count=visits), "30d")
    for row, figures in enumerate(zip(use, fund, visits, strict=True)):
        alone = one(use_pct=figures[0], fund_months=figures[1], visit_count=figures[2])
        assert canonical(alone.model_dump(mode="json")) == canonical(
            among[row].model_dump(mode="json")
        )


def test_the_order_of_the_file_and_of_the_table_s_columns_changes_nothing() -> None:
    first = persona("first", 1, leaf("use_pct", ">=", 50))
    second = persona("second", 2, leaf("fund_months", "<", 3))
    columns = table(use_pct=[60.0], fund_months=[1.0])
    turned = dict(reversed(list(columns.items())))
    found = assign(rulebook_of([first, second]), columns, "30d")[0].model_dump_json()
    assert assign(rulebook_of([second, first]), turned, "30d")[0].model_dump_json() == found


def test_a_table_of_nobody_gives_no_assignment() -> None:
    assert assign(RULES, table(use_pct=[]), "30d") == []


def test_a_table_that_lacks_a_signal_is_refused() -> None:
    with pytest.raises(InputError, match="asks for the signal fund_months"):
        assign(RULES, {"use_pct": table(use_pct=[1.0])["use_pct"]}, "30d")


def test_the_assistant_is_told_of_the_primary_and_in_a_line_of_the_secondary() -> None:
    assert guidance(RULES, one(use_pct=62.5, fund_months=1.0)) == Guidance(
        "guidance for heavy_use", "second guidance for thin_fund"
    )
    assert guidance(RULES, one(use_pct=62.5)) == Guidance("guidance for heavy_use", None)


def test_the_assistant_is_told_neutral_words_of_an_unclassified_customer() -> None:
    assert guidance(RULES, one(use_pct=10.0)) == Guidance("guidance for nobody", None)
