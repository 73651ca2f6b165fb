import numpy as np

from backend.domain.signals import SignalDefinition, SignalTable
from backend.industries.rounding import Rounding

SIGNALS = (
    SignalDefinition("visits", "visits", "visits", 0, "made up", "never"),
    SignalDefinition("share_pct", "share", "%", 1, "made up", "there is no whole"),
)
ROUNDING = Rounding(SIGNALS)


def tables(known: list[bool] | None = None) -> list[SignalTable]:
    sheet = ROUNDING.sheet(windows=2, customers=2)
    sheet.put("visits", np.array([[1, 2], [3, 4]]))
    sheet.put("share_pct", np.array([100, 7]), np.array([3, 0]))
    every = None if known is None else np.broadcast_to(known, (2, 2, 2))
    return ROUNDING.tables(sheet, every)


def test_a_table_a_window_has_the_signals_in_their_order() -> None:
    first, second = tables()
    assert list(first) == list(second) == ["visits", "share_pct"]
    assert first["visits"].values.tolist() == [1.0, 2.0]
    assert second["visits"].values.tolist() == [3.0, 4.0]


def test_what_hangs_on_no_window_is_the_same_in_all_and_is_rounded() -> None:
    for table in tables():
        assert table["share_pct"].values.tolist() == [33.3, 0.0]


def test_a_signal_is_missing_where_there_is_no_whole() -> None:
    for table in tables():
        assert table["share_pct"].known.tolist() == [True, False]
        assert table["visits"].known.tolist() == [True, True]


def test_a_signal_that_is_missing_for_another_reason_is_0() -> None:
    for table in tables(known=[False, True]):
        assert table["visits"].known.tolist() == [False, True]
        assert table["visits"].values[0] == 0.0
        assert table["share_pct"].known.tolist() == [False, False]
