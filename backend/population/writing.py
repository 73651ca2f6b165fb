"""Tables that grow block by block, each into a file of its own as it grows."""

from pathlib import Path

from backend.population.build import Block
from backend.population.content import ContentHash
from backend.population.frames import Sheet
from backend.population.manifest import Format, TableEntry
from backend.population.tablefile import TableFile


class Writer:
    """The tables of a population under way, to be closed when done with.

    Args:
        folder: where the files are written.
        file_format: what they are.
    """

    def __init__(self, folder: Path, file_format: Format) -> None:
        self._folder = folder
        self._format = file_format
        self._hashes: dict[str, ContentHash] = {}
        self._files: dict[str, TableFile] = {}

    def add(self, block: Block) -> None:
        """Take in the next members' rows of every table.

        Raises:
            OSError: the disk refuses.
        """
        for name, sheet in block.items():
            if name not in self._files:
                self._begin(name, sheet)
            self._hashes[name].update(sheet)
            self._files[name].add(sheet.frame)

    def finish(self) -> dict[str, TableEntry]:
        """End every file, and return what is in each.

        Raises:
            OSError: the disk refuses.
        """
        for file in self._files.values():
            file.end()
        for file in self._files.values():
            file.wait()
        return {
            name: TableEntry(rows=one.rows, sha256=one.hexdigest(), columns=one.kinds)
            for name, one in self._hashes.items()
        }

    def close(self) -> None:
        """Abandon what is not whole yet."""
        for file in self._files.values():
            file.abandon()

    def _begin(self, name: str, sheet: Sheet) -> None:
        path = self._folder / f"{name}.{self._format}"
        self._hashes[name] = ContentHash(sheet.kinds)
        self._files[name] = TableFile(path, sheet.frame.schema, sheet.kinds)
