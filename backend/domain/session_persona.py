"""The session persona: what one mode knows of the customer who walked in."""

from datetime import date
from typing import Any, Self

from pydantic import Field, field_serializer

from backend.domain.fact import Fact, Money


class Avatar(Fact):
    """A picture that the page draws by itself, from the seed alone."""

    initials: str
    hue: int = Field(ge=0, lt=360, description="hue of the background, in degrees")
    pattern: int = Field(ge=0, lt=8, description="which of the page's eight patterns")


class Address(Fact):
    """A US address; street invented, city, state and ZIP agreeing with each other."""

    street: str
    city: str
    state: str
    zip_code: str


class DailySeries(Fact):
    """An amount at the end of each day: ``values`` from the day ``start``, without gaps."""

    start: date
    values: tuple[Money, ...]

    @field_serializer("values")
    def _in_dollars(self, cents: tuple[int, ...]) -> list[float]:
        # one call for all days: half a year of them is most of what a bank's customer is
        return [amount / 100 for amount in cents]


class SessionPersona(Fact):
    """What all modes know of a customer. Each mode's own persona adds its fields."""

    name: str
    avatar: Avatar
    date_of_birth: date
    occupation: str
    address: Address
    phone: str
    email: str
    synthetic: bool = True

    @classmethod
    def of(cls, known: dict[str, Any]) -> Self:
        """Return the persona of all that is known, its values checked in one pass.

        That nothing else is known is not asked: it would be a fifth of the work, for fields of
        a mode's own making.
        """
        return cls.model_validate(known, extra="ignore")
