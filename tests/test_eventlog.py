"""One suite over every event log: what a conversation may rely on, whichever is configured."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.eventlog.memory import MemoryEventLog
from backend.ports import EventLog

ROOMY = 10_000

MakeLog = Callable[[int], EventLog]


@pytest.fixture(params=[MemoryEventLog])
def make_log(request: pytest.FixtureRequest) -> MakeLog:
    """Return what makes a log that keeps a number of characters a conversation."""
    made: MakeLog = request.param
    return made


@pytest.fixture
def log(make_log: MakeLog) -> EventLog:
    return make_log(ROOMY)


async def fill(log: EventLog, key: str, epoch: str, offsets: range) -> None:
    await log.start(key, epoch, offsets.start - 1)
    for offset in offsets:
        await log.append(key, epoch, offset, f"{key}/{epoch}/{offset}")


async def test_all_frames_after_an_offset_come_back_in_order(log: EventLog) -> None:
    await fill(log, "k", "e", range(2, 6))
    assert await log.since("k", "e", 1) == ("k/e/2", "k/e/3", "k/e/4", "k/e/5")
    assert await log.since("k", "e", 3) == ("k/e/4", "k/e/5")


async def test_one_who_has_everything_missed_nothing(log: EventLog) -> None:
    await fill(log, "k", "e", range(2, 6))
    assert await log.since("k", "e", 5) == ()
    await log.start("fresh", "e", 1)
    assert await log.since("fresh", "e", 1) == ()


@pytest.mark.parametrize("offset", [-5, 0, 6, 7, 10**9])
async def test_an_offset_that_was_never_given_is_not_known(log: EventLog, offset: int) -> None:
    await fill(log, "k", "e", range(2, 6))
    assert await log.since("k", "e", offset) is None


async def test_another_epoch_or_conversation_is_not_known(log: EventLog) -> None:
    await fill(log, "k", "e", range(2, 6))
    assert await log.since("k", "other", 2) is None
    assert await log.since("k", "", 2) is None
    assert await log.since("other", "e", 2) is None


async def test_a_new_epoch_forgets_the_one_before(log: EventLog) -> None:
    await fill(log, "k", "old", range(2, 6))
    await fill(log, "k", "new", range(2, 4))
    assert await log.since("k", "old", 2) is None
    assert await log.since("k", "new", 1) == ("k/new/2", "k/new/3")


async def test_conversations_do_not_mix(log: EventLog) -> None:
    await fill(log, "a", "e", range(2, 4))
    await fill(log, "b", "e", range(2, 5))
    assert await log.since("a", "e", 1) == ("a/e/2", "a/e/3")
    assert await log.since("b", "e", 3) == ("b/e/4",)


async def test_what_is_dropped_is_gone_and_may_begin_again(log: EventLog) -> None:
    await fill(log, "k", "e", range(2, 6))
    await log.drop("k")
    await log.drop("k")
    assert await log.since("k", "e", 2) is None
    await fill(log, "k", "e", range(2, 3))
    assert await log.since("k", "e", 1) == ("k/e/2",)


@pytest.mark.parametrize("offset", [3, 6, 8, 0])
async def test_a_gap_or_a_step_back_is_a_defect_that_is_seen(log: EventLog, offset: int) -> None:
    await fill(log, "k", "e", range(2, 7))
    with pytest.raises(ValueError, match="does not continue"):
        await log.append("k", "e", offset, "x")
    assert await log.since("k", "e", 6) == ()


async def test_a_frame_of_an_epoch_that_was_not_begun_is_a_defect(log: EventLog) -> None:
    with pytest.raises(ValueError, match="does not continue"):
        await log.append("k", "e", 1, "x")
    await log.start("k", "e", 1)
    with pytest.raises(ValueError, match="does not continue"):
        await log.append("k", "other", 2, "x")


async def test_the_oldest_frames_go_first_and_whole(make_log: MakeLog) -> None:
    log = make_log(10)
    await log.start("k", "e", 1)
    for offset, frame in enumerate(("aaaa", "bbbb", "cccc"), start=2):
        await log.append("k", "e", offset, frame)
    assert await log.since("k", "e", 1) is None
    assert await log.since("k", "e", 2) == ("bbbb", "cccc")


async def test_a_frame_beyond_the_limit_is_not_kept_and_the_epoch_goes_on(
    make_log: MakeLog,
) -> None:
    log = make_log(5)
    await log.start("k", "e", 1)
    await log.append("k", "e", 2, "far too long")
    assert await log.since("k", "e", 1) is None
    assert await log.since("k", "e", 2) == ()
    await log.append("k", "e", 3, "fits")
    assert await log.since("k", "e", 2) == ("fits",)


async def test_one_talkative_conversation_costs_others_nothing(make_log: MakeLog) -> None:
    log = make_log(10)
    await fill(log, "quiet", "e", range(2, 3))
    await fill(log, "loud", "e", range(2, 50))
    assert await log.since("quiet", "e", 1) == ("quiet/e/2",)


@given(st.lists(st.text(max_size=8), max_size=30), st.integers(0, 60))
async def test_what_is_given_is_every_frame_after_the_offset_or_nothing(
    frames: list[str], limit: int
) -> None:
    log: EventLog = MemoryEventLog(limit)
    await log.start("k", "e", 1)
    for offset, frame in enumerate(frames, start=2):
        await log.append("k", "e", offset, frame)
    for offset in range(1, len(frames) + 2):
        rest = tuple(frames[offset - 1 :])
        found = await log.since("k", "e", offset)
        assert found in {rest, None}
        assert (found is None) == (sum(map(len, rest)) > limit)


async def test_memory_holds_no_conversation_that_was_dropped() -> None:
    log = MemoryEventLog(10)
    await fill(log, "k", "e", range(2, 6))
    assert len(log) == 1
    await log.drop("k")
    assert len(log) == 0
