import re
from collections import Counter

from backend.industries.places import all_places, places_of
from backend.seeds import customer_keys, uniform


def test_every_row_is_well_formed() -> None:
    table = all_places()
    assert len(table.places) == len(table.weights)
    for place, weight in zip(table.places, table.weights, strict=True):
        assert re.fullmatch(r"[A-Z][A-Za-z .'-]+", place.city), place
        assert re.fullmatch(r"[A-Z]{2}", place.state), place
        assert re.fullmatch(r"\d{5}", place.zip_code), place
        assert re.fullmatch(r"[2-9]\d{2}", place.area_code), place
        assert weight >= 1, place


def test_no_row_stands_twice() -> None:
    places = all_places().places
    assert len({place.zip_code for place in places}) == len(places)
    assert len({(place.city, place.state) for place in places}) == len(places)


def test_an_area_code_lies_in_one_state() -> None:
    states: dict[str, set[str]] = {}
    for place in all_places().places:
        states.setdefault(place.area_code, set()).add(place.state)
    assert not {code: found for code, found in states.items() if len(found) > 1}


def test_all_states_and_the_district_are_there() -> None:
    assert len({place.state for place in all_places().places}) == 51


def test_places_are_drawn_by_weight() -> None:
    table = all_places()
    keys = customer_keys([f"s{number}" for number in range(20_000)], "test/1")
    shares = Counter(place.state for place in places_of(uniform(keys, "place").tolist()))
    total = sum(table.weights)
    for state in ("CA", "TX", "NY", "OH"):
        weight = sum(
            weight
            for place, weight in zip(table.places, table.weights, strict=True)
            if place.state == state
        )
        assert abs(shares[state] / 20_000 - weight / total) < 0.01
