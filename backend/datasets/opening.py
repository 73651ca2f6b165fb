"""A folder as a data set, whichever of the kinds it is."""

from datetime import date
from pathlib import Path

from backend.datasets.dataset import WINDOWS, DataSet
from backend.datasets.features import MODE, holds_features, read_features
from backend.datasets.files import find_table
from backend.datasets.holdings import ACCOUNTS
from backend.datasets.ledger import TRANSACTIONS, read_ledger
from backend.datasets.own import read_own_ledger
from backend.datasets.people import USERS, described, read_users
from backend.domain.signals import SignalTable
from backend.errors import InputError
from backend.modes import all_modes, generate
from backend.population.frames import USER_ID
from backend.population.manifest import FILE, Manifest, read_manifest
from backend.population.tables import load_table, scan_table
from backend.seeds import SeededFaker


def open_dataset(
    folder: Path, mode: str, as_of: date | None = None, *, skip: bool = False
) -> DataSet:
    """Return the data set in a folder.

    A folder with ``manifest.json`` is a population: its ledger is read, and for modes without a
    ledger its members are generated again by their ids, which gives the rows of its files. Others
    hold ``accounts`` and ``transactions``, or feature files.

    Args:
        folder: where the files are.
        mode: whose signals.
        as_of: the last day that is looked at; the data set's own if left out.
        skip: leave out rows that can not be read, with a note.

    Raises:
        InputError: the folder holds none of these, or a file or row can not be read.
    """
    if mode not in all_modes():
        raise InputError(f"mode: {', '.join(all_modes())}; not {mode!r:.40}.")
    if not folder.is_dir():
        raise InputError(f"{folder}: expected a folder.")
    if (folder / FILE).is_file():
        return _population(folder, read_manifest(folder), mode, as_of)
    if mode != MODE:
        raise InputError(
            f"{folder}: has no {FILE}, and without one only {MODE} can be assigned, not {mode}."
        )
    if find_table(folder, TRANSACTIONS) or find_table(folder, ACCOUNTS):
        return read_ledger(folder, as_of, skip=skip)
    if holds_features(folder):
        return read_features(folder, as_of, skip=skip)
    raise InputError(
        f"{folder}: expected {FILE}, or {ACCOUNTS} and {TRANSACTIONS}, or feature files, and there "
        "is none of them."
    )


def _population(folder: Path, manifest: Manifest, mode: str, as_of: date | None) -> DataSet:
    if mode not in manifest.modes:
        raise InputError(f"{folder}: holds {', '.join(manifest.modes)}, and {mode} was asked for.")
    if as_of not in {None, manifest.as_of}:
        raise InputError(
            f"{folder}: is told up to {manifest.as_of}; generate it again for {as_of}."
        )
    if mode == MODE:
        transactions = scan_table(folder, manifest, TRANSACTIONS)
        return read_own_ledger(folder, transactions, manifest.as_of)
    return _members(folder, manifest, mode)


def _members(folder: Path, manifest: Manifest, mode: str) -> DataSet:
    ids = load_table(folder, manifest, USERS).select(USER_ID).collect().to_series()
    notes: list[str] = []
    users = described(ids, read_users(folder, notes, skip=False))
    faker = SeededFaker()

    def measure(start: int, stop: int) -> list[SignalTable]:
        cohort = generate(
            mode, users.ids[start:stop], manifest.as_of, faker, identity=manifest.identity
        )
        return cohort.signals_over(WINDOWS)

    return DataSet(mode, "members", manifest.as_of, users, tuple(notes), measure)
