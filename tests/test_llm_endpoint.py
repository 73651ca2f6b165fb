import asyncio

import pytest

from backend.clock import SystemClock
from backend.errors import ConfigurationError
from backend.llm.endpoint import open_client
from backend.llm.openai import OpenAIModel
from backend.ports import Finish
from tests.stubs.provider import provider
from tests.stubs.talking import KEY, PATIENT, said


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://example.com", "begins http:// or https://"),
        ("example.com/v1", "begins http:// or https://"),
        ("http://", "begins http:// or https://"),
        ("http://[::1", "can not be read"),
        ("http://a..b/v1", "can not be read"),
        (f"http://{'a' * 64}.com/v1", "can not be read"),
        (f"https://me:{KEY}@example.com/v1", "no user name or password"),
    ],
)
def test_an_address_that_is_none_stops_the_start(url: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_BASE_URL: expected") as raised:
        open_client(None, url)
    assert sentence in str(raised.value)
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("key", ["sk-caf\u00e9", "sk-a\nX-Evil: b", "sk-a b", "  "])
def test_a_key_that_no_header_can_carry_stops_the_start(key: str) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY: expected") as raised:
        open_client(key, None)
    assert key.strip() not in str(raised.value) or not key.strip()


async def test_a_key_out_of_a_file_may_end_in_a_line_feed() -> None:
    async with asyncio.timeout(20), provider() as stub:
        model = OpenAIModel(open_client(f"{KEY}\n", stub.url), "m", PATIENT, SystemClock())
        await said(model)
        assert stub.asked[0].headers["authorization"] == f"Bearer {KEY}"
        await model.close()


async def test_without_an_address_it_is_openais(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    client = open_client(KEY, None)
    assert str(client.base_url) == "https://api.openai.com/v1/"
    await client.close()


async def test_an_endpoint_of_ones_own_needs_no_key() -> None:
    async with asyncio.timeout(20), provider() as stub:
        model = OpenAIModel(open_client(None, stub.url), "m", PATIENT, SystemClock())
        assert await said(model) == ("Good morning.", Finish("stop", 7, 3))
        await model.close()
