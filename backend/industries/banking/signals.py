"""What a bank's records say of a customer's habits: one definition and one kernel a signal.

Windows are counted in days up to and including the date. Cadences (pay, subscriptions, the cost of
a month) look back at least 90 days whatever the window. Sums are of whole cents; a value leaves
here rounded to its stated decimals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Accounts, BankingRecords, Ledger, Recurring
from backend.domain.person import People
from backend.domain.signals import Column, SignalDefinition, SignalTable
from backend.industries.banking import counting
from backend.industries.rounding import Rounding
from backend.industries.segments import owners_of

_MONTH: Final = 30
_CADENCE: Final = 90

SIGNALS: Final = (
    SignalDefinition(
        "credit_max_utilization_pct",
        "highest card utilisation",
        "percent",
        1,
        "balance as a part of the limit, on the card where it is highest",
        "the customer has no card",
    ),
    SignalDefinition(
        "credit_avg_utilization_pct",
        "average card utilisation",
        "percent",
        1,
        "balance as a part of the limit, the plain mean over the cards",
        "the customer has no card",
    ),
    SignalDefinition(
        "credit_total_limits",
        "sum of the card limits",
        "US dollars",
        2,
        "the limits of all cards together",
        "the customer has no card",
    ),
    SignalDefinition(
        "income_paycheck_count",
        "number of pay checks in 30 days",
        "pay checks in 30 days",
        0,
        "pay checks of the last 90 days, or of the window where it is longer, in 30 days of it",
        "never",
    ),
    SignalDefinition(
        "income_median_pay_gap_days",
        "usual gap between pay days",
        "days",
        1,
        "the median gap between days with pay, over at least 90 days",
        "fewer than two days with pay",
    ),
    SignalDefinition(
        "income_variability_pct",
        "swing in pay",
        "percent",
        1,
        "the standard deviation of pay as a part of its payer's mean, over at least 90 days",
        "fewer than two pay checks",
    ),
    SignalDefinition(
        "savings_emergency_fund_months",
        "emergency fund",
        "months",
        2,
        "the savings balance over a month's essential spending, its mean over at least 90 days: "
        "housing, utilities, loans, groceries, fuel, transit, insurance and care",
        "nothing essential was spent",
    ),
    SignalDefinition(
        "subscription_merchant_count",
        "number of subscriptions",
        "merchants",
        0,
        "merchants that charge about the same every month, over 95 days",
        "never",
    ),
    SignalDefinition(
        "subscription_monthly_spend",
        "monthly spending on subscriptions",
        "US dollars",
        2,
        "the latest charge of each of these merchants, together",
        "never",
    ),
    SignalDefinition(
        "subscription_share_pct",
        "share of spending on subscriptions",
        "percent",
        1,
        "subscription_monthly_spend as a part of 30 days' spending, its mean over the window",
        "nothing was spent in the window",
    ),
    SignalDefinition(
        "transaction_history_days",
        "time with the bank",
        "days",
        0,
        "days from the opening entry to the date, both included",
        "never",
    ),
)

_rounded: Final = Rounding(SIGNALS)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Movements as *w* windows see them, an entry for each window that a movement lies in.

    ``row`` counts the customers of the first window, then those of the second, and so on: what
    is worked out by row has shape ``(rows,)``, which is ``(w * n,)``.
    """

    row: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    merchant: NDArray[np.int64]
    rows: int

    def spent(self) -> NDArray[np.float64]:
        """Return what each row spent; whole cents: a float holds their sum exactly."""
        spent = np.bincount(self.row, weights=-self.cents, minlength=self.rows)
        return spent.astype(np.float64, copy=False)


def measure(
    people: People,  # noqa: ARG001 - every mode's measure has this signature
    records: BankingRecords,
    as_of: date,
    windows: Sequence[int],
) -> list[SignalTable]:
    """Return all signals of the customers, a table for each of ``windows``, in days."""
    last, ledger, accounts = as_of.toordinal(), records.ledger, records.accounts
    owners, customers = owners_of(ledger.offsets), len(accounts.opened)
    spans, cadences = np.array(windows), np.maximum(windows, _CADENCE)
    found = records.subscriptions
    monthly = np.bincount(found.row, found.cents, customers).astype(np.float64, copy=False)
    standing = (
        _credit(accounts)
        | _subscriptions(found, monthly)
        | {"transaction_history_days": _all((last - accounts.opened + 1).astype(np.float64))}
    )
    pay = _seen(ledger, owners, counting.pay(ledger), last, cadences)
    essential = _seen(ledger, owners, counting.essential(ledger), last, cadences)
    spending = _seen(ledger, owners, counting.spending(ledger), last, spans)
    moving = (
        _pay(pay, cadences.repeat(customers))
        | _savings(accounts, essential, cadences)
        | _share(monthly, spending, spans)
    )
    return [
        _rounded(standing | {name: _part(column, at, customers) for name, column in moving.items()})
        for at in range(len(windows))
    ]


def _seen(
    ledger: Ledger,
    owners: NDArray[np.int64],
    counted: NDArray[np.bool_],
    last: int,
    spans: NDArray[np.int64],
) -> _Seen:
    at = (counted & (ledger.day <= last)).nonzero()[0]
    window, which = (ledger.day[at] > last - spans[:, None]).nonzero()
    at, customers = at[which], len(ledger.offsets) - 1
    row = owners[at] + window * customers
    rows = customers * len(spans)
    return _Seen(row, ledger.day[at], ledger.cents[at], ledger.merchant[at], rows)


def _part(column: Column, window: int, customers: int) -> Column:
    mine = slice(window * customers, (window + 1) * customers)
    return Column(column.values[mine], column.known[mine])


def _all(values: NDArray[np.float64]) -> Column:
    return Column(values, np.ones(len(values), dtype=np.bool_))


def _for_each(values: NDArray[np.float64], windows: NDArray[np.int64]) -> NDArray[np.float64]:
    return values[None].repeat(len(windows), axis=0).ravel()


def _ratio(
    part: NDArray[np.float64], whole: NDArray[np.float64], known: NDArray[np.bool_]
) -> Column:
    return Column(part / np.where(known, whole, 1.0), known)


def _credit(accounts: Accounts) -> dict[str, Column]:
    limit = accounts.card_limit.astype(np.float64)
    cards = (limit > 0).sum(axis=1)
    has_card = cards > 0
    used = 100.0 * accounts.card_balance / np.maximum(limit, 1.0)
    return {
        "credit_max_utilization_pct": Column(used.max(axis=1), has_card),
        "credit_avg_utilization_pct": _ratio(used.sum(axis=1), cards.astype(np.float64), has_card),
        "credit_total_limits": Column(accounts.card_limit.sum(axis=1) / 100, has_card),
    }


def _subscriptions(found: Recurring, monthly: NDArray[np.float64]) -> dict[str, Column]:
    merchants = np.bincount(found.row, minlength=len(monthly))
    return {
        "subscription_merchant_count": _all(merchants.astype(np.float64)),
        "subscription_monthly_spend": _all(monthly / 100),
    }


def _share(
    monthly: NDArray[np.float64], spending: _Seen, spans: NDArray[np.int64]
) -> dict[str, Column]:
    spent = spending.spent() * _MONTH / spans.repeat(len(monthly))
    share = _ratio(_for_each(100.0 * monthly, spans), spent, spent > 0)
    return {"subscription_share_pct": share}


def _savings(
    accounts: Accounts, essential: _Seen, cadences: NDArray[np.int64]
) -> dict[str, Column]:
    cost = essential.spent() * _MONTH / cadences.repeat(len(accounts.savings))
    saved = _for_each(accounts.savings.astype(np.float64), cadences)
    return {"savings_emergency_fund_months": _ratio(saved, cost, cost > 0)}


def _pay(pay: _Seen, days: NDArray[np.int64]) -> dict[str, Column]:
    checks = np.bincount(pay.row, minlength=pay.rows)
    return {
        "income_paycheck_count": _all(checks.astype(np.float64) * _MONTH / days),
        "income_median_pay_gap_days": _median_gap(pay),
        "income_variability_pct": _variability(pay, checks),
    }


def _median_gap(pay: _Seen) -> Column:
    gap = pay.day[1:] - pay.day[:-1]
    apart = (pay.row[1:] == pay.row[:-1]) & (gap > 0)
    owner, gap = pay.row[1:][apart], gap[apart]
    gap = gap[np.lexsort((gap, owner))]
    count = np.bincount(owner, minlength=pay.rows)
    first = count.cumsum() - count
    known = count > 0
    if not len(gap):
        return Column(np.zeros(pay.rows), known)
    low = np.minimum(first + np.maximum(count - 1, 0) // 2, len(gap) - 1)
    high = np.minimum(first + count // 2, len(gap) - 1)
    return Column((gap[low] + gap[high]) / 2, known)


def _variability(pay: _Seen, checks: NDArray[np.int64]) -> Column:
    order = np.lexsort((pay.merchant, pay.row))
    row, payer, cents = pay.row[order], pay.merchant[order], pay.cents[order]
    begins = np.ones(len(row), dtype=np.bool_)
    begins[1:] = (row[1:] != row[:-1]) | (payer[1:] != payer[:-1])
    pair = begins.cumsum() - 1
    count = np.bincount(pair).astype(np.float64)
    mean = np.bincount(pair, weights=cents) / np.maximum(count, 1.0)
    off = cents / mean[pair] - 1.0
    squares = np.bincount(row, weights=off * off, minlength=pay.rows)
    return Column(100.0 * np.sqrt(squares / np.maximum(checks, 1)), checks > 1)
