"""The dated amounts that banking itself brings about; other modes hand in theirs likewise."""

from backend.domain.ledger import Flows
from backend.industries.banking.bills import make_bills, pay_bills
from backend.industries.banking.clients import Clients
from backend.industries.banking.everyday import make_habits, purchases
from backend.industries.banking.postings import Postings, as_flows, joined


def flows(clients: Clients, paid: Postings, first: int, last: int) -> Flows:
    """Return pay, as ``paid``, with the bills and purchases of the days ``first`` to ``last``.

    Each amount is keyed by its absolute day: another ``first`` or ``last`` adds and drops days
    and changes nothing else.
    """
    bills = make_bills(clients)
    habits = make_habits(clients, bills)
    return as_flows(
        joined(
            [
                paid,
                pay_bills(clients, bills, first, last),
                purchases(clients, habits, first, last),
            ]
        )
    )
