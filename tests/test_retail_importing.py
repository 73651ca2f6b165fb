from pathlib import Path

import pytest

from backend.errors import InputError
from backend.industries.retail.importing import import_hierarchy

TEXT = """Department|Class
Department: Home|Candles
Department: Home|Lamps
department: Home | Lamps

Department: Gifts | Candles | Class: Cards
| Wrap
Class: Ribbons
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "hierarchy.txt"
    path.write_text(text)
    return path


def test_prefixes_are_dropped_and_everything_is_counted(tmp_path: Path) -> None:
    found = import_hierarchy(written(tmp_path, TEXT))
    assert found.hierarchy.departments == {
        "Home": ("Candles", "Lamps"),
        "Gifts": ("Candles", "Cards", "Wrap", "Ribbons"),
    }
    assert (found.department_count, found.class_count, found.distinct_class_count) == (2, 6, 5)


def test_a_department_may_stand_on_a_line_of_its_own(tmp_path: Path) -> None:
    found = import_hierarchy(written(tmp_path, "Department: Home\n|Candles\n|Lamps\n"))
    assert found.hierarchy.departments == {"Home": ("Candles", "Lamps")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("|Candles\n", "line 1: a department is expected before its classes"),
        ("Department: A|b\nDepartment: Home\n", "line 2: 'Home' is to have a class"),
        ("\n\n", "line 1: a line 'department|class' is expected, and there is none"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        import_hierarchy(written(tmp_path, text))
    assert said in str(caught.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hierarchy.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="a UTF-8 text file is expected"):
        import_hierarchy(path)
