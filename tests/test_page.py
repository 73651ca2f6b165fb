from collections.abc import AsyncGenerator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from backend.web.page import page_app

INDEX = "<!doctype html><title>page</title>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "build"
    (built / "_app" / "immutable").mkdir(parents=True)
    (built / "index.html").write_text(INDEX)
    (built / "mark.svg").write_text("<svg/>")
    (built / "_app" / "version.json").write_text("{}")
    (built / "_app" / "immutable" / "entry.abc.js").write_text("1")
    (tmp_path / "secret.txt").write_text("secret")
    return built


async def client_of(folder: Path) -> AsyncGenerator[httpx2.AsyncClient, None]:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/", page_app(folder))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
async def client(folder: Path) -> AsyncGenerator[httpx2.AsyncClient, None]:
    async for one in client_of(folder):
        yield one


@pytest.mark.parametrize(
    "path", ["/", "/customers", "/studio/run", "/?session_id=demo-1", "/a/b/c"]
)
async def test_every_place_of_the_page_is_the_page(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


async def test_files_are_served_as_what_they_are(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/mark.svg")
    assert (answer.status_code, answer.text) == (200, "<svg/>")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-cache"
    assert (await client.get("/_app/version.json")).headers["cache-control"] == "no-cache"


async def test_names_that_hold_their_hash_may_be_kept(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/_app/immutable/entry.abc.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in answer.headers["content-type"]


@pytest.mark.parametrize(
    "path", ["/_app/immutable/entry.old.js", "/nothing.png", "/api/nothing", "/_app/gone"]
)
async def test_what_is_missing_and_no_place_of_the_page_is_404(
    client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt",
             "/_app/%2e%2e/%2e%2e/secret.txt", "/%00", "/" + "x" * 5000]
)  # fmt: skip
async def test_nothing_outside_the_folder_is_served(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(httpx2.URL("http://localhost", raw_path=path.encode()))
    assert "secret" not in answer.text
    assert answer.status_code in {200, 404}


async def test_only_reading_is_allowed(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/", content="x")).status_code == 405
    assert (await client.delete("/mark.svg")).status_code == 405


async def test_a_file_that_is_known_already_is_not_sent_again(client: httpx2.AsyncClient) -> None:
    tag = (await client.get("/mark.svg")).headers["etag"]
    assert (await client.get("/mark.svg", headers={"if-none-match": tag})).status_code == 304


async def test_a_page_that_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    async for client in client_of(tmp_path):
        answer = await client.get("/")
        assert answer.status_code == 503
        assert "make page" in answer.text
