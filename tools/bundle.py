"""Puts the built page and the prompts into a wheel, beside the code that serves them."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLED = {"prompts": "backend/bundled/prompts", "frontend/build": "backend/bundled/page"}


class BundleHook(BuildHookInterface[Any]):
    """An editable install reads both from the checkout; every other wheel carries them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders to a standard wheel.

        Raises:
            FileNotFoundError: the page has not been built.
        """
        if version != "standard":
            return
        for source, target in BUNDLED.items():
            folder = Path(self.root) / source
            if not folder.is_dir():
                raise FileNotFoundError(f"{folder} is not there: build the page first, `make page`")
            build_data["force_include"][str(folder)] = target
