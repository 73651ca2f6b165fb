"""Nothing of a hundred thousand customers can be mistaken for a real person's or firm's."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from backend.domain.person import People
from backend.industries.banking.catalogue import catalogue as bank
from backend.industries.healthcare.catalogue import catalogue as care
from backend.industries.insurance.catalogue import catalogue as insurance
from backend.industries.insurance.claims import make_losses
from backend.industries.insurance.draws import draw as draw_of_the_insured
from backend.industries.insurance.policies import households, make_policies
from backend.industries.insurance.present import claim_number, policy_number
from backend.industries.life import make_people
from backend.industries.retail.catalogue import catalogue as retail
from backend.industries.retail.season import chain
from backend.industries.retail.shoppers import make_shoppers
from backend.modes import all_modes, generate
from backend.population.manifest import FILE, read_manifest
from backend.population.members import member_ids
from backend.records import rows_of
from backend.seeds import SeededFaker, customer_keys
from backend.strictjson import parse
from backend.yamlfile import read_yaml
from tests.identities_kit import AS_OF, SEED, Told, refuse, told_by

MEMBERS: Final = 100_000
CASES: Final = Path(__file__).with_name("cases")
IDS: Final = member_ids("natural", SEED, range(MEMBERS))
FAKER: Final = SeededFaker()
IDENTIFYING: Final = re.compile(
    r"phone|mail|fax|number|mask|iban|swift|routing|ssn|social|npi|card|passport|licen[cs]e|tax"
    r"|account|_id$|^id$"
)
CARD_LENGTHS: Final = range(13, 20)
NINE_OF_TEN: Final = 0.9
SHORT: Final = 6
"""A real name of no more letters may be part of a plain word."""


@cache
def people() -> People:
    return make_people(customer_keys(IDS, "session/1"), FAKER)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by(tmp_path_factory)


def refuse_others(texts: pl.Series, pattern: str) -> None:
    """Fail with some of the texts that are not wholly of the pattern."""
    others = texts.filter(~texts.str.contains(f"^(?:{pattern})$"))
    assert others.is_empty(), others.head(3).to_list()


def all_match(texts: Iterable[str], pattern: str) -> pl.Series:
    """Return the texts of about everybody, each of which is wholly of the pattern."""
    series = pl.Series(texts, dtype=pl.String)
    refuse_others(series, pattern)
    assert len(series) >= MEMBERS * NINE_OF_TEN
    return series


def test_telephones_are_the_hundred_that_fiction_has_in_the_area_of_the_home() -> None:
    phones = all_match(people().phone, r"\(\d{3}\) 555-01\d\d")
    areas = pl.Series([place.area_code for place in people().place])
    assert (phones.str.slice(1, 3) == areas).all()
    assert phones.str.tail(2).n_unique() == 100


def test_mail_goes_to_the_domains_that_are_kept_for_examples() -> None:
    mails = all_match(people().email, r"[a-z]+\.[a-z]+\d{2,3}@example\.(com|org|net)")
    assert mails.str.extract(r"@(.*)").n_unique() == 3


def test_policies_and_claims_bear_twelve_digits_behind_letters() -> None:
    draws = draw_of_the_insured(people())
    home = households(people(), draws)
    held = make_policies(people(), home, draws, AS_OF)
    numbers = zip(held.kind.tolist(), held.number.tolist(), strict=True)
    all_match((policy_number(*each) for each in numbers), r"(AU|HO|LI|RE|UM)-\d{12}")
    losses = make_losses(people(), home, held, draws, AS_OF)
    all_match(map(claim_number, losses.number.tolist()), r"CL-\d{12}")


def test_patients_shoppers_and_orders_bear_numbers_behind_letters(told: Told) -> None:
    numbers = make_shoppers(people(), retail()).number
    assert ((numbers >= 0) & (numbers < 10**12)).all()
    shoppers = generate("retail", IDS[:50], AS_OF, FAKER, identity="session")
    shown = [str(shoppers.persona(row).model_dump()["customer_id"]) for row in range(50)]
    assert all(re.fullmatch(r"BM-\d{12}", number) for number in shown)
    refuse_others(told.rows("plans", "member_id")["member_id"], r"[A-Z]{3}-\d{10}")
    refuse_others(told.rows("orders", "order_id")["order_id"], r"BM[0-9B-DF-HJ-NP-TV-XZ]{10}")


def fields_of(schema: Any) -> Iterator[str]:
    """Yield the names of all fields that a JSON schema knows, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from fields_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from fields_of(part)


def test_every_field_that_tells_somebody_apart_is_known_here(told: Told) -> None:
    tables = read_manifest(told.folder).tables.values()
    names = {column for table in tables for column in table.columns}
    for mode in all_modes().values():
        names |= set(fields_of(mode.persona.model_json_schema()))
    listed = read_yaml(CASES / "identifying_fields.yaml").value
    assert {name for name in names if IDENTIFYING.search(name)} == {
        name for group in listed.values() for name in group
    }


def test_accounts_and_cards_show_four_digits_and_no_more(told: Told) -> None:
    masks = told.rows("accounts", "mask")
    refuse(masks.filter(~pl.col("mask").str.contains(r"^\d{4}$")))
    cohort = generate("banking", IDS[:50], AS_OF, FAKER, identity="session")
    for row in range(50):
        shown = cohort.persona(row).model_dump(mode="json")
        numbers = [shown["account_number"], *(card["card_number"] for card in shown["cards"])]
        assert all(re.fullmatch(r"\*{4}\d{4}", number) for number in numbers)


@cache
def texts(told: Told) -> pl.Series:
    """All that the exported tables say in words, but for ids, each once."""
    found = [
        told.rows(name, column)[column].unique()
        for name, table in read_manifest(told.folder).tables.items()
        for column, kind in table.columns.items()
        if kind == "text" and not column.endswith("_id")
    ]
    return pl.concat(found).drop_nulls().unique()


def test_no_text_has_the_shape_of_a_number_that_is_somebodys(told: Told) -> None:
    said = texts(told)
    assert len(said) > 50_000
    phone = said.str.contains(r"\d{3}\)?[ .-]\d{3}[ .-]\d{4}") & ~said.str.contains(
        r"^\(\d{3}\) 555-01\d\d$"
    )
    mail = said.str.contains("@") & ~said.str.contains(r"@example\.(com|org|net)$")
    security = said.str.contains(r"\b\d{3}-\d{2}-\d{4}\b")
    # nine digits alone may be a security number or route to a bank, ten be a provider's
    alone = said.str.contains(r"^\d{9,19}$")
    wrong = said.filter(phone | mail | security | alone)
    assert wrong.is_empty(), wrong.head(3).to_list()
    ibans = (
        said.str.replace_all(" ", "").str.extract(r"^([A-Z]{2}\d{2}[A-Z0-9]{11,30})$").drop_nulls()
    )
    assert not [text for text in ibans if passes_mod_97(text)]
    assert not [text for text in said.to_list() if cards_in(text)]


def passes_mod_97(iban: str) -> bool:
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def cards_in(text: str) -> list[str]:
    """Return runs of digits that card networks give out and that pass Luhn's check."""
    runs = re.findall(r"(?<![0-9A-Za-z])[3-6]\d{12,18}(?![0-9A-Za-z])", text)
    return [run for run in runs if len(run) in CARD_LENGTHS and passes_luhn(run)]


def passes_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def test_the_checks_know_a_number_when_they_see_one() -> None:
    assert passes_mod_97("GB82WEST12345698765432")
    assert not passes_mod_97("GB83WEST12345698765432")
    assert cards_in("paid with 4111111111111111.") == ["4111111111111111"]
    assert not cards_in("paid with 4111111111111112.")
    assert real_in(["Old Liberty Mutual Insurance"], ["liberty mutual"]) == {"liberty mutual"}
    assert real_in(["Walmarted Goods"], ["walmart"]) == {"walmart"}
    assert not real_in(["Targeted Goods", "Liberty Bell Mutual"], ["target", "liberty mutual"])


def test_no_id_reads_as_a_card_s_number() -> None:
    suspects = [
        IDS[row] for row, key in enumerate(people().keys.high.tolist()) if f"{key:016x}".isdigit()
    ]
    assert suspects
    for mode in all_modes():
        cohort = generate(mode, suspects, AS_OF, FAKER, identity="session")
        for table in cohort.tables():
            for record in rows_of(table):
                said = [value for value in record.values() if isinstance(value, str)]
                assert not [text for text in said if cards_in(text)], record


def test_exports_and_personas_say_that_they_are_synthetic(told: Told) -> None:
    assert parse((told.folder / FILE).read_bytes())["synthetic"] is True
    for mode in all_modes():
        assert generate(mode, IDS[:1], AS_OF, FAKER).persona(0).model_dump()["synthetic"] is True


@cache
def invented() -> dict[str, set[str]]:
    """All names of firms that there are, by the catalogue that they come from."""
    clinics = care().clinics
    return {
        "merchants": set(bank().merchants),
        "insurers": set(insurance().book.insurers),
        "plans": {name for plan in care().plans for name in (plan.insurer, plan.name)},
        "clinics": {f"{name} {kind}" for name in clinics.names for kind in clinics.kinds.values()},
        "pharmacies": set(clinics.pharmacies),
        "stores": {chain().name, *(f"{chain().name} {store}" for store in chain().stores)},
        "departments": set(retail().shelves.departments),
        "medicines": {drug.name for drug in care().medications},
    }


def words_of(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9&+'-]+", name.lower()))


def real_in(names: Iterable[str], real: Iterable[str]) -> set[str]:
    """Return the real names that stand in others as their words or, long ones, within a word."""
    spelled = {words_of(name): name for name in real}
    longest = max(map(len, spelled))
    found, words = set[str](), set[str]()
    for name in names:
        own = words_of(name)
        words.update(own)
        spans = (own[at:end] for at in range(len(own)) for end in range(at + 1, at + longest + 1))
        found |= {spelled[span] for span in spans if span in spelled}
    long = {name for name in spelled.values() if len(name) > SHORT}
    return found | {name for name in long if any(name in word for word in words)}


def test_no_firm_of_the_catalogues_bears_a_real_name() -> None:
    listed = read_yaml(CASES / "real_names.yaml").value
    real = {name for group in listed.values() for name in group}
    assert len(real) > 200
    for kind, names in invented().items():
        # a department is no firm, and the contract gives its name
        known = real - {"primark"} if kind == "departments" else real
        assert not real_in(names, known), kind


def test_every_firm_that_the_tables_name_is_one_of_the_catalogues(told: Told) -> None:
    known = set().union(*invented().values())
    places = told.rows("visits", "location")["location"].str.split(", ").list.first()
    named = {
        *told.rows("transactions", "merchant_name")["merchant_name"]
        .drop_nulls()
        .str.split(", ")
        .list.first()
        .unique(),
        *told.rows("policies", "insurer")["insurer"].unique(),
        *told.rows("plans", "insurer")["insurer"].unique(),
        *told.rows("plans", "plan_name")["plan_name"].unique(),
        *told.rows("fills", "pharmacy")["pharmacy"].unique(),
        *places.unique(),
    }
    assert len(named) > 2_000
    assert named <= known, sorted(named - known)[:5]
