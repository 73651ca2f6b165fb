"""What every fact about a customer has in common: it is frozen and has no unknown fields."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

Money: TypeAlias = Annotated[
    int,
    PlainSerializer(lambda cents: cents / 100, return_type=float),
    WithJsonSchema({"type": "number"}),  # `multipleOf` 0.01 fails on binary fractions
]
"""US dollars: integer cents inside, a number with at most two decimals outside."""


class Fact(BaseModel):
    """A frozen record."""

    model_config = ConfigDict(frozen=True, extra="forbid")
