"""The session persona of a bank's customer."""

from datetime import date
from typing import Literal

from pydantic import Field

from backend.domain.fact import Fact, Money
from backend.domain.session_persona import DailySeries, SessionPersona


class Transaction(Fact):
    """One movement of an account, as the customer reads it."""

    date: date
    description: str
    amount: Money = Field(ge=0, description="always positive; category tells the direction")
    category: Literal["debit", "credit"]
    merchant: str = Field(description="who was paid, or who paid")
    personal_finance_category: str = Field(description="Plaid's detailed category")
    account: Literal["checking", "savings", "credit card"]


class CategorySpending(Fact):
    """What went to one category in the last 30 days."""

    category: str = Field(description="the category in plain words")
    amount: Money
    transactions: int
    personal_finance_category: str


class Subscription(Fact):
    """A merchant that charges about the same every month."""

    merchant: str
    amount: Money = Field(description="the latest charge")
    last_charged: date


class Card(Fact):
    """One credit card."""

    card_number: str = Field(description="last four shown")
    limit: Money
    balance: Money
    apr: float = Field(description="the yearly rate in percent")
    last_statement: Money = Field(description="the balance of the last statement")
    minimum_due: Money = Field(
        description="what the last statement asks for while it is unpaid, 0 once it is paid"
    )
    due_date: date | None = Field(description="null when nothing is owed")
    status: Literal["nothing due", "due", "paid", "overdue"] = Field(
        description="of the last statement"
    )


class BankingPersona(SessionPersona):
    """What the bank knows of the customer, up to the date that the life is told to."""

    member_since: str = Field(description="the year in which the first account was opened")
    checking_balance: Money
    savings_balance: Money
    account_number: str = Field(description="of the checking account, last four shown")
    credit_score: int = Field(ge=300, le=850)
    credit_limit: Money = Field(description="of all cards together")
    credit_used: Money
    credit_available: Money
    cards: tuple[Card, ...]
    next_card_payment_due: date | None = Field(description="null when nothing is owed")
    minimum_payment_due: Money = Field(
        description="of all cards together: what unpaid statements ask for; 0 once they are paid"
    )
    overdue: bool = Field(description="whether a card payment is late")
    last_card_payment: Money | None = Field(description="null where the record has none")
    last_card_payment_date: date | None
    recent_transactions: tuple[Transaction, ...] = Field(description="the ten latest, newest first")
    pending_payments: int = Field(description="how many debits have not settled yet")
    pending_transactions: tuple[Transaction, ...] = Field(description="those debits, newest first")
    monthly_spending: Money = Field(
        description="spent in the last 30 days: purchases, bills, housing, loans and cash; not "
        "transfers to own accounts, and not payments to own cards; money out alone: refunds are "
        "shown among the transactions and not taken off"
    )
    spending_by_category: tuple[CategorySpending, ...] = Field(
        description="what monthly_spending is made of, the largest first"
    )
    monthly_income: Money = Field(description="pay, pensions and benefits of the last 30 days")
    last_pay_date: date | None
    last_pay_amount: Money | None
    next_pay_date: date | None = Field(description="null when pay has no pattern")
    subscriptions: tuple[Subscription, ...] = Field(description="the dearest first")
    balance_history: DailySeries = Field(
        description="what checking held at the end of each of the last 180 days; for newcomers, "
        "from when they joined"
    )
