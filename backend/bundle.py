"""Where the files that travel with the code are: in a wheel, or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "bundled"
_CHECKOUT = _PACKAGE.parent


def prompts_dir() -> Path:
    """Return the folder of prompt templates: the wheel's copy, else the checkout's."""
    bundled = _BUNDLED / "prompts"
    return bundled if bundled.is_dir() else _CHECKOUT / "prompts"


def page_dir() -> Path:
    """Return the folder of the built page; it need not exist in a checkout."""
    bundled = _BUNDLED / "page"
    return bundled if bundled.is_dir() else _CHECKOUT / "frontend" / "build"
