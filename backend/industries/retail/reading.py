"""The two files that say what is sold and who buys it, read and checked as people write them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import Field, ValidationError

from backend.domain.fact import Fact
from backend.domain.orders import Segment
from backend.errors import ConfigurationError
from backend.yamlfile import KeyPath, YamlDocument, read_yaml

FOLDER: Final = Path(__file__).parent

Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Work: TypeAlias = Literal["retired", "low", "manual", "middle", "high"]
Range: TypeAlias = Annotated[tuple[float, float], Field(description="least and most")]

WORK: Final[tuple[Work, ...]] = ("retired", "low", "manual", "middle", "high")
ANY_AGE: Final = (18, 120)
_TOLERANCE: Final = 1e-6

Model = TypeVar("Model", bound=Fact)


class Demographics(Fact):
    """Of whom the goods are for, and, by the last two, of whom the account belongs to.

    Without ``account_holder_age`` whoever shops for themselves is as old as ``age_range`` says.
    """

    age_range: Range
    gender: Literal["female", "male", "any"]
    children: bool
    lifestyle: str
    account_holder_age: Range | None = None
    work: tuple[Work, ...] = WORK


class SpendingProfile(Fact):
    """Ranges that shoppers of one persona lie in; ``lapse_share`` is the same for all of them."""

    items_per_order: Range
    return_rate: tuple[Share, Share]
    online_share: tuple[Share, Share] = (0.3, 0.7)
    card_share: tuple[Share, Share] = (0.4, 0.9)
    lapse_share: Share = 0.3


class ShopperPersona(Fact):
    """One of ``customer_personas``; order values in dollars."""

    weight: float = Field(gt=0, le=1)
    order_value: Range
    orders_per_month: Range
    description: str
    demographics: Demographics
    department_preferences: dict[str, Share]
    class_preferences: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    spending_profile: SpendingProfile
    value_segment: Segment


class Hierarchy(Fact):
    """``hierarchy_parsed.yml``: the classes of each department, in the file's order."""

    departments: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]


class _PersonaFile(Fact):
    customer_personas: dict[str, ShopperPersona] = Field(min_length=1)


def read_hierarchy(path: Path = FOLDER / "hierarchy_parsed.yml") -> Hierarchy:
    """Return the departments with their classes.

    Raises:
        ConfigurationError: the file is no hierarchy, or a class stands twice in one department;
            the sentence names file and line.
    """
    document = read_yaml(path)
    hierarchy = parsed(document, Hierarchy)
    for department, classes in hierarchy.departments.items():
        for at, name in enumerate(classes):
            if name in classes[:at]:
                raise ConfigurationError(
                    f"{document.where(('departments', department, at))}: the class {name!r} is to "
                    f"stand once in {department!r}, and it stands twice"
                )
    return hierarchy


def read_personas(
    hierarchy: Hierarchy, path: Path = FOLDER / "personas.yml"
) -> Mapping[str, ShopperPersona]:
    """Return the shopper personas by id, in the file's order.

    Raises:
        ConfigurationError: the file holds no personas, weights or shares miss 1, a range runs
            backwards, or a department or class is not in ``hierarchy``; the sentence names file
            and line, what was expected and what came.
    """
    document = read_yaml(path)
    personas = parsed(document, _PersonaFile).customer_personas
    root: KeyPath = ("customer_personas",)
    _check_sum(document, root, "the weights of all personas", (p.weight for p in personas.values()))
    for name, persona in personas.items():
        _check_ranges(document, (*root, name), persona)
        _check_preferences(document, (*root, name), persona, hierarchy)
    return personas


def parsed(document: YamlDocument, model: type[Model]) -> Model:
    """Return a document as a model.

    Raises:
        ConfigurationError: it is not one; the sentence names file and line.
    """
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        first = error.errors()[0]
        path = first["loc"]
        field = ".".join(str(part) for part in path)
        raise ConfigurationError(f"{document.where(path)}: {field}: {first['msg']}") from None


def _check_sum(document: YamlDocument, path: KeyPath, what: str, parts: Iterable[float]) -> None:
    total = sum(parts)
    if abs(total - 1) > _TOLERANCE:
        raise ConfigurationError(
            f"{document.where(path)}: {what} are to sum to 1, and they come to {total:.6g}"
        )


def _check_ranges(document: YamlDocument, path: KeyPath, persona: ShopperPersona) -> None:
    profile = persona.spending_profile
    ranges: dict[KeyPath, tuple[float, float]] = {
        ("order_value",): persona.order_value,
        ("orders_per_month",): persona.orders_per_month,
        ("demographics", "age_range"): persona.demographics.age_range,
        ("spending_profile", "items_per_order"): profile.items_per_order,
        ("spending_profile", "return_rate"): profile.return_rate,
        ("spending_profile", "online_share"): profile.online_share,
        ("spending_profile", "card_share"): profile.card_share,
    }
    if persona.demographics.account_holder_age:
        ranges["demographics", "account_holder_age"] = persona.demographics.account_holder_age
    for name, (least, most) in ranges.items():
        if not 0 <= least <= most or (name[0] != "spending_profile" and most == 0):
            raise ConfigurationError(
                f"{document.where((*path, *name))}: {name[-1]} is to go from the least to the "
                f"most, not below 0, and it came as {least:g} to {most:g}"
            )


def _check_preferences(
    document: YamlDocument, path: KeyPath, persona: ShopperPersona, hierarchy: Hierarchy
) -> None:
    shares, lists = persona.department_preferences, persona.class_preferences
    here: KeyPath = (*path, "department_preferences")
    _check_sum(document, here, f"the department shares of {path[-1]!r}", shares.values())
    for key, names in (("department_preferences", shares), ("class_preferences", lists)):
        for department in names:
            if department not in hierarchy.departments:
                raise ConfigurationError(
                    f"{document.where((*path, key, department))}: a department of the hierarchy "
                    f"is expected, and {department!r} is none"
                )
    for department, classes in lists.items():
        for at, name in enumerate(classes):
            if name not in hierarchy.departments[department]:
                place = document.where((*path, "class_preferences", department, at))
                raise ConfigurationError(
                    f"{place}: a class of {department!r} is expected, and {name!r} is none"
                )
