"""Reads the project's own Markdown: fenced blocks, tables, sections, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.live import ROOT

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
_CODE = re.compile(r"`([^`\n]+)`")


def documents() -> list[Path]:
    """Return every document of the project, the README first."""
    first = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "prompts" / "README.md"]
    return [*first, *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@dataclass(frozen=True)
class Block:
    """A fenced block, and the text block that stands right behind it, if one does."""

    place: str
    text: str
    shown: str | None


def blocks(document: Path, language: str) -> Iterator[Block]:
    text = document.read_text(encoding="utf-8")
    for found in _FENCED.finditer(text):
        if found[1] == language:
            line = text.count("\n", 0, found.start()) + 1
            follows = _FENCED.match(text.removeprefix(text[: found.end()]).lstrip("\n"))
            shown = follows[2] if follows and follows[1] == "text" else None
            yield Block(f"{name_of(document)}, line {line}", found[2], shown)


def all_blocks(language: str) -> list[Block]:
    return [block for document in documents() for block in blocks(document, language)]


def without_blocks(document: Path) -> str:
    return _FENCED.sub("", document.read_text(encoding="utf-8"))


def code_spans(text: str) -> list[str]:
    return _CODE.findall(text)


def links(document: Path) -> list[str]:
    found = _LINK.findall(without_blocks(document))
    return [target for pair in found for target in pair if target]


def anchors(document: Path) -> set[str]:
    """Return the names that a document's headings can be linked by."""
    titles = (title for _, title in _HEADING.findall(without_blocks(document)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def section(document: Path, title: str) -> str:
    """Return what stands below a heading, up to the next heading of its level or above."""
    text = document.read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    (at,) = [at for at, found in enumerate(headings) if found[2] == title]
    level = len(headings[at][1])
    ends = [found.start() for found in headings[at + 1 :] if len(found[1]) <= level]
    return text[headings[at].end() : ends[0] if ends else len(text)]


def rows(text: str) -> list[list[str]]:
    """Return the cells of the first table in ``text``, without its head; [] where none is."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("|"):
            found.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif found:
            break
    return found[2:]


def table(document: Path, title: str) -> dict[str, list[str]]:
    """Return a section's table: the first cell, without its backticks, to the others."""
    return {row[0].strip("`"): row[1:] for row in rows(section(document, title))}
