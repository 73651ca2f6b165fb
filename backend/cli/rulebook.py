"""``walkin rulebook``: the rules that give customers their personas, listed, shown and checked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, assert_never

import typer

from backend.errors import InputError
from backend.modes import DEFAULT_MODE, all_modes
from backend.personas.library import all_rulebooks, rulebook_named
from backend.personas.registry import Rulebook, check_rulebook, load_rulebook, read_overrides
from backend.personas.rulebook import (
    AllOf,
    AnyOf,
    BehaviouralPersona,
    Condition,
    Criteria,
    Negation,
)

_INDENT: Final = "  "
_POLICY: Final = {"unknown": "", "pass": ", true where it is missing",
                  "fail": ", false where it is missing"}  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the command with its subcommands."""
    group = typer.Typer(
        name="rulebook",
        help="The rules that give customers their personas: list, show and check them.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command(name="list")(list_all)
    group.command()(show)
    group.command()(check)
    app.add_typer(group)


def list_all() -> None:
    """List the rulebooks of every mode; the first of a mode is its default.

    Example: walkin rulebook list
    """
    for mode_id, entries in all_rulebooks().items():
        for name, path in entries:
            faults = check_rulebook(path, all_modes()[mode_id].signals)
            typer.echo(f"{mode_id}: {name}: {_told(faults) if faults else _outline(mode_id, name)}")


def show(
    name: Annotated[str, typer.Argument(help="A rulebook's name.")],
    mode: Annotated[str | None, typer.Option(help="Industry, where several have it.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="A JSON file of settings that override its own.")
    ] = None,
) -> None:
    """Print a rulebook's personas with their rules, best first.

    Example: walkin rulebook show severity --mode banking
    """
    overrides = read_overrides(config) if config else None
    for line in _pages(rulebook_named(name, mode, overrides)):
        typer.echo(line)


def check(
    file: Annotated[Path, typer.Argument(help="A YAML file.")],
    mode: Annotated[str, typer.Option(help="Industry whose signals it may ask for.")] = (
        DEFAULT_MODE
    ),
) -> None:
    """Check a rulebook: print what it says, or each error with file and line and exit with 2.

    Example: walkin rulebook check backend/industries/banking/rulebooks/registry.yaml --mode banking
    """
    if mode not in all_modes():
        raise InputError(f"--mode: {', '.join(all_modes())}; not {mode!r:.40}.")
    signals = all_modes()[mode].signals
    if faults := check_rulebook(file, signals):
        for fault in faults:
            typer.echo(fault, err=True)
        raise typer.Exit(2)
    rulebook = load_rulebook(file, signals)
    typer.echo(f"{file}: {rulebook.title}, version {rulebook.version}, {_size(rulebook)}")


def _told(faults: tuple[str, ...]) -> str:
    return f"{len(faults)} errors, first {faults[0]}"


def _outline(mode_id: str, name: str) -> str:
    rulebook = rulebook_named(name, mode_id)
    return f"{rulebook.title}, version {rulebook.version}, {_size(rulebook)}"


def _size(rulebook: Rulebook) -> str:
    parts = [f"{len(rulebook.personas)} personas by {rulebook.order}",
             f"{len(rulebook.asked)} signals"]  # fmt: skip
    if rulebook.settings:
        parts.append(f"{len(rulebook.settings)} settings")
    return ", ".join(parts)


def _pages(rulebook: Rulebook) -> Iterator[str]:
    yield f"{rulebook.title} ({rulebook.name}, version {rulebook.version})"
    yield f"{_size(rulebook)}; nobody's: {rulebook.nobody.name} ({rulebook.nobody_status})"
    for name, value in rulebook.settings.items():
        yield f"{_INDENT}{name} = {value:g}"
    for persona in rulebook.personas:
        yield ""
        yield from _page(rulebook, persona)


def _page(rulebook: Rulebook, persona: BehaviouralPersona) -> Iterator[str]:
    place = persona.level or f"priority {persona.priority}"
    yield f"{persona.number}. {persona.name} ({persona.id}), {place}, risk {persona.risk}"
    if persona.severity:
        label = rulebook.signals[persona.severity.signal].label
        yield f"{_INDENT}severity: {label} ({persona.severity.signal}) / {persona.severity.per:g}"
    yield f"{_INDENT}rule:"
    yield from _rule(rulebook, persona.criteria, 2)
    yield f"{_INDENT}why: {persona.rationale}"
    yield f"{_INDENT}focus: {', '.join(persona.focus_areas)}"
    yield f"{_INDENT}content: {', '.join(persona.content_types)}"
    yield f"{_INDENT}guidance: {persona.guidance}"
    yield f"{_INDENT}as the second: {persona.secondary_guidance}"


def _rule(rulebook: Rulebook, criteria: Criteria, depth: int) -> Iterator[str]:
    indent = _INDENT * depth
    match criteria:
        case Condition():
            unit = rulebook.signals[criteria.signal].unit
            setting = f" (${criteria.setting})" if criteria.setting else ""
            yield f"{indent}{criteria}{setting} ({unit}{_POLICY[criteria.missing]})"
        case Negation(part):
            yield f"{indent}not:"
            yield from _rule(rulebook, part, depth + 1)
        case AllOf(parts) | AnyOf(parts):
            yield f"{indent}{'all' if isinstance(criteria, AllOf) else 'any'} of:"
            for part in parts:
                yield from _rule(rulebook, part, depth + 1)
        case _:
            assert_never(criteria)
