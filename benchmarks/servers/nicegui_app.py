"""NiceGUI's bare session: a page with one label. Run: ``python nicegui_app.py PORT``."""

import sys

from nicegui import ui  # type: ignore[import-not-found]  # of .venv-bench


@ui.page("/")  # type: ignore[untyped-decorator]
def page() -> None:
    """Show one label."""
    ui.label("ready")


ui.run(
    host="127.0.0.1", port=int(sys.argv[1]), reload=False, show=False, show_welcome_message=False
)
