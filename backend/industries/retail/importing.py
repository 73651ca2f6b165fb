"""A pipe-delimited hierarchy to departments with their classes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from backend.errors import InputError
from backend.industries.retail.reading import Hierarchy

MAX_BYTES: Final = 1 << 20
_DEPARTMENT: Final = "department"
_CLASS: Final = "class"


@dataclass(frozen=True, slots=True)
class ImportedHierarchy:
    """What was read: the hierarchy, and how much it holds."""

    hierarchy: Hierarchy
    department_count: int
    class_count: int
    distinct_class_count: int


def import_hierarchy(path: Path) -> ImportedHierarchy:
    """Return the hierarchy of a pipe-delimited UTF-8 file.

    A line holds a department and one class or more, parted by ``|``. The prefixes ``Department:``
    and ``Class:`` are dropped; a line that begins with ``|``, or with a class, goes on with the
    department above it. A line with a department alone opens it. Empty lines, a headline and
    repeated classes are passed over.

    Raises:
        InputError: the file can not be read, a class has no department, or a department has no
            class; the sentence names file and line.
    """
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: a UTF-8 text file is expected: {error}") from error
    if len(raw) > MAX_BYTES:
        raise InputError(f"{path}: a hierarchy may have {MAX_BYTES} bytes, and it has {len(raw)}")
    return _counted(_read(text.splitlines(), path))


def _read(lines: Iterable[str], path: Path) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    opened: dict[str, int] = {}
    department = ""
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.split("|")]
        if not any(cells) or _is_headline(cells):
            continue
        if cells[0] and not _has_prefix(cells[0], _CLASS):
            department = _without_prefix(cells.pop(0), _DEPARTMENT)
        if not department:
            raise InputError(f"{path}, line {number}: a department is expected before its classes")
        opened.setdefault(department, number)
        classes = (_without_prefix(cell, _CLASS) for cell in cells if cell)
        found.setdefault(department, {}).update(dict.fromkeys(name for name in classes if name))
    for name, classes_of in found.items():
        if not classes_of:
            raise InputError(
                f"{path}, line {opened[name]}: {name!r} is to have a class, and has none"
            )
    if not found:
        raise InputError(
            f"{path}, line 1: a line 'department|class' is expected, and there is none"
        )
    return {name: tuple(classes_of) for name, classes_of in found.items()}


def _is_headline(cells: list[str]) -> bool:
    return [cell.lower() for cell in cells if cell][:2] == [_DEPARTMENT, _CLASS]


def _has_prefix(cell: str, prefix: str) -> bool:
    return cell.lower().startswith(f"{prefix}:")


def _without_prefix(cell: str, prefix: str) -> str:
    return cell[len(prefix) + 1 :].strip() if _has_prefix(cell, prefix) else cell


def _counted(departments: Mapping[str, tuple[str, ...]]) -> ImportedHierarchy:
    every = [name for classes in departments.values() for name in classes]
    return ImportedHierarchy(
        hierarchy=Hierarchy(departments=dict(departments)),
        department_count=len(departments),
        class_count=len(every),
        distinct_class_count=len(set(every)),
    )
