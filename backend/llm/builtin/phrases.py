"""The prose of the built-in model, from ``phrases.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from backend.llm.builtin.words import Stems, stems
from backend.yamlfile import read_yaml

_FILE: Final = Path(__file__).parent / "phrases.yaml"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sentences by name, and what whole messages mean that ask for no fact."""

    sentences: Mapping[str, str]
    ranks: Mapping[int, str]
    social: Mapping[Stems, str]

    def say(self, name: str, /, **values: str) -> str:
        """Return the sentence called ``name`` with its places filled."""
        return self.sentences[name].format_map(values)


@cache
def phrases() -> Phrases:
    """Return the prose.

    Raises:
        ConfigurationError: the file is not YAML.
    """
    content = dict(read_yaml(_FILE).value)
    social, ranks = content.pop("social"), content.pop("ranks")
    meanings = {stems(text): name for name, texts in social.items() for text in texts}
    return Phrases(content, ranks, meanings)
