"""Customers are the same bytes for ever and everywhere.

The files in ``tests/golden`` are written by ``python -m tests.golden_kit write [mode …]``, on
purpose only: whoever changes them raises ``GENERATOR_VERSION``.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from numpy._core import _multiarray_umath  # type: ignore[attr-defined]

from backend.modes import all_modes
from tests.golden_kit import FOLDER, fingerprints, golden

ROOT = Path(__file__).resolve().parent.parent


@cache
def here(mode_id: str) -> dict[str, str]:
    return fingerprints(mode_id)


def elsewhere(**environment: str) -> dict[str, dict[str, str]]:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.golden_kit"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, dict[str, str]] = json.loads(ran.stdout)
    return found


def disabled_features() -> str:
    features: dict[str, Any] = _multiarray_umath.__cpu_features__
    dispatched: list[str] = _multiarray_umath.__cpu_dispatch__
    return " ".join(name for name in dispatched if features.get(name))


@pytest.mark.parametrize("mode_id", list(all_modes()))
def test_customers_are_the_golden_ones(mode_id: str) -> None:
    kept = json.loads((FOLDER / f"{mode_id}.json").read_text(encoding="utf-8"))
    assert golden(mode_id) == kept


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_customers_do_not_depend_on_the_hash_seed(hash_seed: str) -> None:
    assert elsewhere(PYTHONHASHSEED=hash_seed) == {
        mode_id: here(mode_id) for mode_id in all_modes()
    }


def test_customers_do_not_depend_on_what_the_processor_can_do() -> None:
    disabled = disabled_features()
    if not disabled:
        pytest.skip("this processor has none of the features that NumPy dispatches on")
    found = elsewhere(NPY_DISABLE_CPU_FEATURES=disabled)
    assert found == {mode_id: here(mode_id) for mode_id in all_modes()}


def test_customers_of_one_file_differ() -> None:
    for mode_id in all_modes():
        assert len(set(here(mode_id).values())) == len(here(mode_id))
