"""The benchmarks run: tiny sizes, our own sides, and each of the others where it is installed."""

import pytest

from benchmarks import peers, run, sides, start

TINY = run.Sizes(
    sessions=2,
    idle=2,
    trips=2,
    tokens=8,
    rounds=1,
    memory_rounds=1,
    warm_up=1,
    pace_ms=0.1,
    at_once=2,
)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["start", "memory", "echo", "relay"])
def test_benchmark_gives_a_row_of_figures_for_walk_in(name: str) -> None:
    table = run.benchmarks(TINY, with_peers=False)[name]()

    (row, *_) = [row for row in table.rows if row[0].startswith("Walk-in")]
    assert len(row) == len(table.columns)
    # a tiny run may find no growth of memory at all: a figure is asked for, not its size
    assert [float(cell) for cell in row[1:] if cell != "-"]
    assert row[0] in table.markdown()


@pytest.mark.slow
@pytest.mark.parametrize(
    "peer", [sides.CHAINLIT, sides.CHAINLIT_PAGE, sides.NICEGUI, sides.GRADIO], ids=lambda s: s.name
)
def test_peer_is_driven_to_a_ready_session(peer: sides.Side) -> None:
    if not peers.installed():
        pytest.skip("the peers are not installed here: benchmarks/peers.py does it")

    table = start.measure([peer], sessions=2, rounds=1, warm_up=1)

    assert table.rows[0][0] == peer.name
    assert float(table.rows[0][1]) > 0
