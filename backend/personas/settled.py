"""What is settled, in a rulebook ordered by priority, by how the conditions come out.

The choice hangs on no figure there, and a trial settles the conditions on the signals that it
sets. So which trials turn the choice is worked out once for all customers whose conditions came
out alike; which of them is the nearest is a matter of each one's figures.
"""

from functools import lru_cache, reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.personas.comparison import Numbers
from backend.personas.figures import Figures
from backend.personas.leaves import decide
from backend.personas.logic import Flags, Truth
from backend.personas.plan import plan_of
from backend.personas.prioritizer import Ranking, rank, winners
from backend.personas.rulebook import Rulebook
from backend.personas.trials import trials_of


class Turns(NamedTuple):
    """The *c* trials that turn a choice by *k* figures each, where no fewer would.

    ``signal``, ``to`` and ``scale``, ``(k, c)``, are as in ``Trials``; ``ways`` are the first two
    of each trial, figure by figure. ``winners`` are the places of the personas that would then be
    the primary ones, -1 for nobody's.
    """

    signal: NDArray[np.int64]
    to: Numbers
    scale: Numbers
    ways: tuple[tuple[tuple[int, float], ...], ...]
    winners: tuple[int, ...]

    def nearest(self, values: Numbers) -> int:
        """Return the first of those that change a customer's figures, ``(s,)``, the least."""
        distance = np.abs(values.take(self.signal) - self.to) / self.scale
        # added one after the other: a sum over an axis may group its terms
        return int(reduce(np.add, distance).argmin())


class Settled(NamedTuple):
    """The choice for a customer, and what turns it: None where no trial does."""

    ranking: Ranking
    turns: Turns | None


@lru_cache(maxsize=1 << 12)
def settled_of(rulebook: Rulebook, truth: bytes, known: bytes) -> Settled:
    """Return what is settled where the conditions came out so: in this pattern."""
    plan, tried = plan_of(rulebook), _tried(rulebook)
    own = np.frombuffer(truth, dtype=np.int8)[:, None]
    # what is missing stays missing
    sets = tried.sets & np.frombuffer(known, dtype=np.bool_)[:, None]
    matched = plan.matched(plan.decide(np.where(sets, tried.truth, own)))
    (ranking,) = rank(rulebook, matched[:, :1], None)
    return Settled(ranking, _turns(rulebook, winners(None, matched, None)))


def _turns(rulebook: Rulebook, winners: NDArray[np.int64]) -> Turns | None:
    trials = trials_of(rulebook)
    turned = (winners != winners[0]).nonzero()[0]
    if not len(turned):
        return None
    size = trials.size[turned]
    slots, best = slice(size.min()), turned[size == size.min()]
    signal, to = trials.signal[slots, best], trials.to[slots, best]
    ways = tuple(
        tuple(zip(*way, strict=True)) for way in zip(signal.T.tolist(), to.T.tolist(), strict=True)
    )
    return Turns(signal, to, trials.scale[slots, best], ways, tuple(winners[best].tolist()))


class _Tried(NamedTuple):
    """Conditions by trials, ``(l, r)``: whether one settles the other, and how."""

    sets: Flags
    truth: Truth


@lru_cache(maxsize=64)
def _tried(rulebook: Rulebook) -> _Tried:
    trials, leaves = trials_of(rulebook), plan_of(rulebook).leaves
    sets = trials.sets[:, 0]
    figures = Figures(sets, np.where(sets, trials.values[:, 0], 0.0))
    return _Tried(sets.take(leaves.signal, axis=0), decide(leaves, figures).truth)
