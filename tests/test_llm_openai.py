import asyncio
import json
import socket

import pytest
from openai import AsyncOpenAI

from backend.clock import SystemClock
from backend.errors import ModelError, ModelFailedError, ModelUnavailableError
from backend.llm.openai import OpenAIModel, ProviderLimits, open_client
from backend.ports import Finish, TextChunk
from tests.stubs.provider import Exchange, Script, provider, whole
from tests.stubs.talking import BODY, HELLO, KEY, PATIENT, SHORT, said, talking


def status(code: int, *headers: tuple[str, str]) -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.head(code, "application/json", headers=headers)
        await exchange.raw(json.dumps({"error": {"message": f"{BODY} {KEY}"}}).encode())
        await exchange.end()

    return script


async def test_a_reply_is_its_text_and_one_finish_with_the_count() -> None:
    async with talking() as (model, _):
        assert await said(model) == ("Good morning.", Finish("stop", 7, 3))
        assert model.name == "some-model"


async def test_the_request_is_a_streamed_chat_completion_with_the_key() -> None:
    async with talking() as (model, stub):
        await said(model)
        (asked,) = stub.asked
        assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert asked.json() == {
            "model": "some-model",
            "messages": [
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": "Hello"},
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
        }


async def test_one_connection_serves_one_reply_after_another() -> None:
    async with talking() as (model, stub):
        for _ in range(3):
            await said(model)
        assert (len(stub.asked), stub.connections) == (3, 1)


async def test_any_client_of_the_sdk_will_do() -> None:
    async with asyncio.timeout(20), provider() as stub:
        client = AsyncOpenAI(api_key=KEY, base_url=stub.url)
        model = OpenAIModel(client, "m", PATIENT, SystemClock())
        assert await said(model) == ("Good morning.", Finish("stop", 7, 3))
        await model.close()
        assert client.is_closed()


@pytest.mark.parametrize("code", [408, 409, 429, 500, 503])
async def test_a_refusal_that_may_pass_is_asked_again_twice_and_no_more(code: int) -> None:
    async with talking(status(code)) as (model, stub):
        text, error = await said(model)
        assert (text, type(error)) == ("", ModelUnavailableError)
        assert f"HTTP {code}" in str(error)
        assert len(stub.asked) == 3


async def test_the_answer_to_the_last_attempt_is_the_reply() -> None:
    async with talking(status(503), status(429, ("Retry-After", "0")), whole) as (model, stub):
        assert await said(model) == ("Good morning.", Finish("stop", 7, 3))
        assert len(stub.asked) == 3


@pytest.mark.parametrize("code", [401, 403, 404])
async def test_a_lasting_refusal_is_unavailable_and_not_asked_again(code: int) -> None:
    async with talking(status(code)) as (model, stub):
        text, error = await said(model)
        assert (text, type(error)) == ("", ModelUnavailableError)
        assert f"HTTP {code}" in str(error)
        assert len(stub.asked) == 1


@pytest.mark.parametrize("code", [400, 413, 422])
async def test_a_question_that_is_not_understood_fails(code: int) -> None:
    async with talking(status(code)) as (model, stub):
        text, error = await said(model)
        assert (text, type(error)) == ("", ModelFailedError)
        assert len(stub.asked) == 1


@pytest.mark.parametrize("wait", ["86400", "4", "inf", "Thu, 15 Jan 2099 09:30:00 GMT"])
async def test_a_provider_that_wants_to_be_left_alone_for_long_is(wait: str) -> None:
    """T12: ``Retry-After: 86400`` fails at once; so does anything beyond a few seconds."""
    async with talking(status(429, ("Retry-After", wait))) as (model, stub):
        _, error = await said(model)
        assert isinstance(error, ModelUnavailableError)
        assert len(stub.asked) == 1


async def test_waits_between_attempts_count_for_the_first_token() -> None:
    limits = ProviderLimits(first_token_seconds=SHORT, retry_waits=(2.0, 2.0))
    async with talking(status(503), limits=limits) as (model, stub):
        _, error = await said(model)
        assert "did not begin to answer in time" in str(error)
        assert len(stub.asked) == 1


async def test_no_error_shows_a_key_an_address_or_a_body() -> None:
    for code in (307, 400, 401, 404, 429, 500):
        async with talking(status(code, ("Location", f"http://{KEY}@example.com/"))) as (model, _):
            _, error = await said(model)
            assert isinstance(error, ModelError)
            shown = f"{error} {error!r} {error.__cause__}"
            for secret in (KEY, BODY, "127.0.0.1", "example.com"):
                assert secret not in shown


async def test_a_redirect_on_the_same_host_is_not_followed() -> None:
    """T12: there the client would send the key along, and take what it finds for the reply."""
    async with talking(status(307, ("Location", "/elsewhere")), whole) as (model, stub):
        text, error = await said(model)
        assert (text, type(error)) == ("", ModelUnavailableError)
        assert "redirects are not followed" in str(error)
        assert [asked.path for asked in stub.asked] == ["/v1/chat/completions"]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_host_is_not_followed(code: int) -> None:
    """T12: redirects are a way into one's own network."""
    async with provider() as other:
        async with talking(status(code, ("Location", f"{other.url}/x")), whole) as (model, stub):
            text, error = await said(model)
            assert (text, type(error)) == ("", ModelUnavailableError)
            assert len(stub.asked) == 1
        assert other.connections == 0


async def test_a_refused_connection_is_unavailable() -> None:
    async with provider() as stub:
        url = stub.url
    await unavailable(url)


async def test_a_name_that_nobody_knows_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    await unavailable("http://provider.invalid/v1")


async def unavailable(url: str) -> None:
    async with asyncio.timeout(20):
        model = OpenAIModel(open_client(KEY, url), "m", PATIENT, SystemClock())
        text, error = await said(model)
        await model.close()
    assert (text, type(error)) == ("", ModelUnavailableError)
    assert str(error) == "The language model can not be reached just now."


async def test_a_connection_that_does_not_come_about_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T12: the client would wait for 600 s."""
    tried = []

    async def hang(_: socket.socket, address: object) -> None:
        tried.append(address)
        await asyncio.Event().wait()

    limits = ProviderLimits(connect_seconds=0.05, retry_waits=(0.0, 0.0))
    async with talking(limits=limits) as (model, _):
        monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", hang)
        text, error = await said(model)
        assert (text, type(error)) == ("", ModelUnavailableError)
        assert "can not be reached" in str(error)
        assert len(tried) == 3


async def test_a_connection_that_is_dropped_before_any_answer_is_tried_again() -> None:
    async with talking(Exchange.cut, whole) as (model, stub):
        assert await said(model) == ("Good morning.", Finish("stop", 7, 3))
        assert len(stub.asked) == 2


async def test_what_is_no_http_at_all_is_unavailable() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.bytes_as_they_are(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    async with talking(script) as (model, _):
        text, error = await said(model)
        assert (text, type(error)) == ("", ModelUnavailableError)


async def test_an_endless_refusal_is_not_read() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.head(401, "application/json")
        await exchange.silence()

    async with talking(script) as (model, stub):
        _, error = await said(model)
        assert "HTTP 401" in str(error)
        await stub.idle()


async def test_what_comes_while_the_stream_is_left_alone_is_read_in_one_go() -> None:
    heard = asyncio.Event()

    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("Good")
        await heard.wait()
        await exchange.text(" ", "mor", "ning", ".")
        await exchange.stop()
        await exchange.end()

    limits = ProviderLimits(pause_seconds=0.5)
    async with talking(script, limits=limits) as (model, _):
        texts = []
        async for chunk in model.stream(HELLO):
            heard.set()
            if isinstance(chunk, TextChunk):
                texts.append(chunk.text)
    assert texts == ["Good", " morning."]


async def test_a_stream_that_is_left_alone_can_be_cancelled() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("Good")
        await exchange.silence()

    async with talking(script, limits=ProviderLimits(pause_seconds=600)) as (model, stub):
        stream = model.stream(HELLO)
        assert await anext(stream) == TextChunk("Good")
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await stub.idle()
