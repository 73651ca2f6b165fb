"""Prints the JSON Schema of all frames, both ways: ``{"client": ..., "server": ...}``.

Run from anywhere; ``backend`` is found from this file's place.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from backend.web.api import ModePage
from backend.wire import CLIENT_FRAMES, PROTOCOL, SERVER_FRAMES, CloseCode


def schemas() -> dict[str, Any]:
    """Return the frames' schemas, the close codes and what ``/api/modes`` says of a mode."""
    return {
        "protocol": PROTOCOL,
        "close_codes": {code.name: code.value for code in CloseCode},
        "client": CLIENT_FRAMES.json_schema(mode="serialization"),
        "server": SERVER_FRAMES.json_schema(mode="serialization"),
        "mode_page": TypeAdapter(ModePage).json_schema(mode="serialization"),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schemas(), indent=1, sort_keys=True) + "\n")
