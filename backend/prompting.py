"""Prompts: templates in files to the text that a language model is told, and its hash.

One template a mode, ``<mode>.j2``, with shared parts in ``parts/``. Templates are strict: a name
that nobody gives stops the start, with file and line, instead of leaving a hole in a prompt.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, meta, nodes
from jinja2.exceptions import TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic_core import to_json

from backend.domain.visitor import written_from
from backend.errors import ConfigurationError
from backend.strictjson import well_formed

NAMES: Final = (
    "mode", "mode_title", "as_of", "customer", "guidance", "secondary_guidance", "long_view",
)  # fmt: skip
"""What a template may use; ``prompts/README.md`` says what each holds."""

NOT_TOLD: Final = frozenset({"avatar", "synthetic", "balance_history"})
"""Fields for the page and for exports: they say nothing about the customer."""

_ESCAPES: Final = {
    character: f"\\u{ord(character):04x}" for character in "<>&\u0085\u2028\u2029\x7f"
}


@dataclass(frozen=True, slots=True)
class PromptNames:
    """What a template is given besides the mode's id.

    Attributes:
        mode_title: the mode's name for people.
        as_of: ISO date that the customer's life is told up to.
        customer: the session persona as JSON-able values.
        guidance: how to treat such a customer, of the primary behavioural persona.
        secondary_guidance: one line of the secondary persona, or None.
        long_view: a note on the 180-day persona where it differs, or None.
    """

    mode_title: str
    as_of: str
    customer: Mapping[str, Any]
    guidance: str
    secondary_guidance: str | None = None
    long_view: str | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A rendered prompt; ``prompt_id`` is the SHA-256 of its UTF-8 text, in hex."""

    prompt_id: str
    text: str


class PromptLibrary:
    """The templates of one folder, each compiled once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=False,  # the output is a prompt, not HTML; facts pass `record`
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._environment.filters["record"] = record

    def check(
        self,
        mode_ids: Iterable[str],
        trial_customers: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Parse and try every mode's template.

        ``trial_customers`` gives the customer a mode is tried with, by mode id; templates that
        read single fields of a customer need one. The others are tried with a name alone.

        Raises:
            ConfigurationError: a template is missing, does not parse, uses a name that nobody
                gives, or can not be rendered; the sentence names file, line and name.
        """
        customers = trial_customers or {}
        for mode_id in mode_ids:
            for name, tree in self._closure(f"{mode_id}.j2", asked_by=f"mode {mode_id!r}"):
                self._check_names(name, tree)
            self._try(mode_id, customers.get(mode_id, {"name": "Trial Customer"}))

    def render(self, mode_id: str, names: PromptNames) -> Prompt:
        """Return the prompt of a mode.

        Raises:
            ConfigurationError: the template is missing, or can not be rendered with ``names``.
        """
        try:
            template = self._environment.get_template(f"{mode_id}.j2")
            text = template.render(
                mode=mode_id,
                mode_title=names.mode_title,
                as_of=names.as_of,
                customer=names.customer,
                guidance=names.guidance,
                secondary_guidance=names.secondary_guidance,
                long_view=names.long_view,
            )
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            # the kinds that an expression of a template can raise by itself
            raise ConfigurationError(f"{self._place(error, mode_id)}: {error}") from error
        text = well_formed(text.strip() + "\n")
        return Prompt(hashlib.sha256(text.encode()).hexdigest(), text)

    def _closure(self, name: str, asked_by: str) -> Iterator[tuple[str, nodes.Template]]:
        waiting, seen = [(name, asked_by)], {name}
        while waiting:
            current, asker = waiting.pop()
            tree = self._parse(current, asker)
            yield current, tree
            for line, found in self._references(current, tree):
                if found not in seen:
                    seen.add(found)
                    waiting.append((found, f"{self._folder / current}, line {line}"))

    def _references(self, name: str, tree: nodes.Template) -> Iterator[tuple[int, str]]:
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            template = getattr(node, "template", None)
            if not isinstance(template, nodes.Const) or not isinstance(template.value, str):
                raise ConfigurationError(
                    f"{self._folder / name}, line {node.lineno}: "
                    "a part is named by one plain string, so that it can be checked at the start"
                )
            yield node.lineno, template.value

    def _parse(self, name: str, asked_by: str) -> nodes.Template:
        loader = self._environment.loader
        try:
            assert loader is not None  # noqa: S101 - set in __init__; for the type checker
            source, _, _ = loader.get_source(self._environment, name)
            return self._environment.parse(source, name, str(self._folder / name))
        except TemplateNotFound as error:
            raise ConfigurationError(
                f"{asked_by}: its template {self._folder / name} is not there"
            ) from error
        except TemplateSyntaxError as error:
            raise ConfigurationError(
                f"{self._folder / name}, line {error.lineno}: {error.message}"
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"{self._folder / name}: is not UTF-8: {error}") from error

    def _check_names(self, name: str, tree: nodes.Template) -> None:
        try:
            undeclared = meta.find_undeclared_variables(tree)
        except TemplateSyntaxError as error:  # such as a filter that does not exist
            raise ConfigurationError(
                f"{self._folder / name}, line {error.lineno}: {error.message}"
            ) from error
        unknown = undeclared - {*NAMES, *self._environment.globals}
        for node in tree.find_all(nodes.Name):
            if node.name in unknown:
                raise ConfigurationError(
                    f"{self._folder / name}, line {node.lineno}: the name {node.name!r} is not "
                    f"known; a template may use {', '.join(NAMES)}"
                )

    def _try(self, mode_id: str, customer: Mapping[str, Any]) -> None:
        for note in (None, "A note."):
            names = PromptNames(
                mode_title="Trial",
                as_of="2026-01-15",
                customer=customer,
                guidance="Be kind.",
                secondary_guidance=note,
                long_view=note,
            )
            self.render(mode_id, names)

    def _place(self, error: BaseException, mode_id: str) -> str:
        # Jinja rewrites tracebacks to the template's own lines
        place, trace = str(self._folder / f"{mode_id}.j2"), error.__traceback__
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if file.startswith(str(self._folder)) and file.endswith(".j2"):
                place = f"{file}, line {trace.tb_lineno}"
            trace = trace.tb_next
        return place


def record(customer: Mapping[str, Any], mode: str, as_of: str) -> str:
    """Return a customer as one line of JSON that can not close the fence around it.

    ``{"mode": ..., "as_of": ..., "customer": {...}}`` without the fields that say nothing about
    the customer; ``<``, ``>``, ``&`` and odd line ends are written as JSON escapes.
    """
    told = {"mode": mode, "as_of": as_of, "customer": written_from(customer)}
    text = to_json(told, exclude={"customer": set(NOT_TOLD)}).decode()
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text
