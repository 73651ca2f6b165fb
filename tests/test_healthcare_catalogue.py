from backend.industries.healthcare.catalogue import CHECKUP, PRIMARY_CARE, SETTINGS, catalogue


def test_occasions_are_the_check_up_the_reviews_and_then_the_acute_ones() -> None:
    table = catalogue()
    assert table.occasions[CHECKUP].reason == "Annual check-up"
    for code, condition in enumerate(table.conditions):
        review = table.occasions[1 + code]
        assert review.reason == condition.reason
        assert table.specialties[review.specialty] == condition.specialty
        primary = condition.specialty == PRIMARY_CARE
        assert SETTINGS[review.setting] == ("primary" if primary else "specialist")
    acute = sum(int(count) for _, count in table.occasion_arrays.acute)
    assert len(table.occasions) == 1 + len(table.conditions) + acute


def test_medications_are_found_under_their_condition() -> None:
    table = catalogue()
    arrays = table.medication_arrays
    for code, condition in enumerate(table.conditions):
        for line, listed in enumerate((condition.first, condition.add_on), 2 * code):
            first, count = arrays.begins[line], arrays.counts[line]
            assert table.medications[first : first + count] == listed


def test_no_medication_serves_two_conditions() -> None:
    names = [medication.name for medication in catalogue().medications]
    assert len(names) == len(set(names))


def test_a_plan_is_kinder_the_more_it_has_paid() -> None:
    for plan in catalogue().plans:
        assert plan.deductible <= plan.out_of_pocket_max
        assert (plan.type == "HDHP") <= (not plan.copays)


def test_every_specialty_has_a_clinic_of_its_own_kind() -> None:
    table = catalogue()
    assert {condition.specialty for condition in table.conditions} <= set(table.specialties)
