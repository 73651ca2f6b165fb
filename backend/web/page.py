"""The built page: static files, and ``index.html`` for every other path."""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_IMMUTABLE: Final = "_app/immutable/"
_NOT_BUILT: Final = "The page is not built. Run `make page`, then start again.\n"


class Page(StaticFiles):
    """Files of the page; names under ``_app/immutable`` hold their own hash and never change.

    A path that is no file gets ``index.html``: the page routes itself. A missing asset or API
    path stays a 404, so that a wrong address is seen.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file at ``path``, or the page."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or _is_asset(path):  # noqa: PLR2004 - Not Found
                raise
            response = await super().get_response("index.html", scope)
        immutable = path.startswith(_IMMUTABLE)
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if immutable else "no-cache"
        )
        return response


def _is_asset(path: str) -> bool:
    return path.startswith(("_app/", "api/")) or "." in path.rsplit("/", 1)[-1]


def page_app(folder: Path) -> Page | PlainTextResponse:
    """Return the page in ``folder``, or a sentence when it has not been built."""
    if not (folder / "index.html").is_file():
        return PlainTextResponse(_NOT_BUILT, status_code=503)
    return Page(directory=folder, html=True)
