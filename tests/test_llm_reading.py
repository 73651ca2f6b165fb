import asyncio
import gzip
import json
import sys
from contextlib import aclosing

import pytest

from backend.errors import ModelFailedError, ModelUnavailableError
from backend.llm.limits import ProviderLimits
from backend.ports import Finish, TextChunk
from tests.stubs.provider import Exchange, Script, delta, ending, whole
from tests.stubs.talking import BODY, HASTY, HELLO, RESTLESS, SHORT, said, talking


def body(*pieces: bytes, content_type: str = "text/event-stream", chunked: bool = True) -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.head(content_type=content_type, chunked=chunked)
        for piece in pieces:
            await exchange.raw(piece)
        await exchange.end()

    return script


def event(value: object) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


BEFORE = event(delta("Good "))
DONE = b"data: [DONE]\n\n"


async def test_text_comes_while_the_answer_is_still_being_written() -> None:
    going = asyncio.Event()

    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("first ")
        await going.wait()
        await exchange.text("second")
        await exchange.stop()
        await exchange.end()

    async with talking(script) as (model, _), aclosing(model.stream(HELLO)) as reply:
        assert await anext(reply) == TextChunk("first ")
        going.set()
        assert await anext(reply) == TextChunk("second")


async def test_every_byte_in_a_packet_of_its_own_makes_the_same_reply() -> None:
    stream = event(delta("😀 né")) + event(ending("stop")) + DONE
    async with talking(body(*(bytes([byte]) for byte in stream))) as (model, _):
        assert await said(model) == ("😀 né", Finish("stop", None, None))


async def test_a_lone_surrogate_never_leaves_the_model_and_a_split_pair_comes_out_whole() -> None:
    """T11: the client lets it pass as text."""
    parts = [event(delta(half)) for half in ("a\ud83d", "\ude00", "b\ud83d")]
    async with talking(body(*parts, event(ending("stop")), DONE)) as (model, _):
        assert await said(model) == ("a😀b\ufffd", Finish("stop", None, None))


async def test_a_compressed_stream_is_read_all_the_same() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.head(headers=(("Content-Encoding", "gzip"),))
        await exchange.raw(gzip.compress(BEFORE + event(ending("stop")) + DONE))
        await exchange.end()

    async with talking(script) as (model, stub):
        assert await said(model) == ("Good ", Finish("stop", None, None))
        assert stub.asked[0].headers["accept-encoding"] == "identity"


async def test_length_is_a_finish() -> None:
    async with talking(body(BEFORE, event(ending("length")), DONE)) as (model, _):
        assert await said(model) == ("Good ", Finish("length", None, None))


async def cut_behind_the_text(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.text("Good ")
    await exchange.cut()


async def garbage(exchange: Exchange) -> None:
    await exchange.bytes_as_they_are(b"no length of a chunk\r\n")
    await exchange.silence()


# what an answer is worth when something is wrong with it: the text before the fault, one error
BROKEN = {
    "half an SSE line before the end": (body(BEFORE, b'data: {"choices":[{"del'), "broke off"),
    "a clean end without a finish reason": (body(BEFORE), "broke off before its end"),
    "[DONE] without a finish reason": (body(BEFORE, DONE), "broke off before its end"),
    "a finish reason of null": (body(BEFORE, event(ending(None)), DONE), "broke off"),
    "an end with the socket, no finish": (body(BEFORE, chunked=False), "broke off"),
    "bad JSON": (body(BEFORE, b"data: {nonsense}\n\n", BEFORE), "garbled"),
    "bad UTF-8": (body(BEFORE, b'data: {"choices":[{"delta":{"content":"\xff"}}]}\n\n'), "garbled"),
    "an error object": (body(BEFORE, event({"error": {"message": BODY}})), "with a fault"),
    "content filter": (body(BEFORE, event(ending("content_filter")), DONE), "content filter"),
    "tool calls": (body(BEFORE, event(ending("tool_calls")), DONE), "asked for a tool"),
    "content after the finish": (body(BEFORE, event(ending("stop")), BEFORE), "went on after"),
    "a line without an end": (body(BEFORE, *[b"x" * 65536] * 17), "has no end"),
    "a cut right behind the text": (cut_behind_the_text, "broke off in the middle"),
}


@pytest.mark.parametrize(("script", "sentence"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_answer_gives_its_text_and_fails_once(script: Script, sentence: str) -> None:
    async with talking(script) as (model, stub):
        text, error = await said(model)
        assert text.startswith("Good ")
        assert isinstance(error, ModelFailedError)
        assert sentence in str(error)
        assert BODY not in str(error)
        assert len(stub.asked) == 1, "an answer that has begun is never asked for again"


async def no_content(exchange: Exchange) -> None:
    await exchange.bytes_as_they_are(b"HTTP/1.1 204 No Content\r\n\r\n")


# T10: the client's own stream ends these without any error
UNREADABLE = {
    "a web page": (body(b"<html>Sign in</html>", content_type="text/html; charset=x"), "web page"),
    "one document": (body(b'{"choices":[]}', content_type="application/json"), "single document"),
    "a web page called a stream": (body(b"<html>\n\n</html>\n\n"), "broke off before its end"),
    "an empty stream": (body(), "broke off before its end"),
    "comments alone": (body(b": hello\n\n" * 3), "broke off before its end"),
    "no content": (no_content, "broke off before its end"),
}


@pytest.mark.parametrize(("script", "sentence"), UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_is_no_stream_is_never_a_finished_reply(script: Script, sentence: str) -> None:
    async with talking(script) as (model, stub):
        text, error = await said(model)
        assert (text, type(error)) == ("", ModelFailedError)
        assert sentence in str(error)
        assert len(stub.asked) == 1


@pytest.mark.parametrize("fault", [Exchange.cut, Exchange.reset, garbage])
async def test_a_connection_that_breaks_gives_the_text_before_it_and_fails(fault: Script) -> None:
    heard = asyncio.Event()

    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("Good ")
        await heard.wait()
        await fault(exchange)

    async with talking(script, limits=RESTLESS) as (model, _):
        reply = model.stream(HELLO)
        assert await anext(reply) == TextChunk("Good ")
        heard.set()
        with pytest.raises(ModelFailedError, match="in the middle of its answer"):
            await anext(reply)
        with pytest.raises(StopAsyncIteration):
            await anext(reply)


async def test_a_cut_after_the_finish_reason_costs_the_count_and_nothing_else() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("Good.")
        await exchange.event(ending("stop"))
        await exchange.cut()

    async with talking(script) as (model, _):
        assert await said(model) == ("Good.", Finish("stop", None, None))


async def test_silence_after_the_finish_reason_costs_the_count_and_nothing_else() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("Good.")
        await exchange.event(ending("stop"))
        await exchange.silence()

    async with talking(script, limits=RESTLESS) as (model, _):
        assert await said(model) == ("Good.", Finish("stop", None, None))


async def silent(exchange: Exchange) -> None:
    await exchange.silence()


async def silent_after_the_head(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.silence()


async def comments_after_the_head(exchange: Exchange) -> None:
    await exchange.head()
    await comment_for_ever(exchange)


async def comment_for_ever(exchange: Exchange) -> None:
    while True:
        await exchange.raw(b": still thinking\n\n")
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("script", [silent, silent_after_the_head, comments_after_the_head])
async def test_silence_before_the_first_text_is_unavailable_and_not_asked_again(
    script: Script,
) -> None:
    async with talking(script, limits=HASTY) as (model, stub):
        text, error = await said(model)
        assert (text, type(error)) == ("", ModelUnavailableError)
        assert "did not begin to answer in time" in str(error)
        assert len(stub.asked) == 1


async def test_silence_in_the_middle_gives_the_text_before_it_and_fails() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("Good ")
        await comment_for_ever(exchange)

    async with talking(script, limits=RESTLESS) as (model, _):
        text, error = await said(model)
        assert (text, type(error)) == ("Good ", ModelFailedError)
        assert "fell silent" in str(error)


async def test_a_slow_consumer_is_no_silence() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("Good ")
        await going.wait()
        await exchange.text("morning.")
        await exchange.stop()
        await exchange.end()

    going = asyncio.Event()
    async with (
        talking(script, limits=RESTLESS) as (model, _),
        aclosing(model.stream(HELLO)) as reply,
    ):
        assert await anext(reply) == TextChunk("Good ")
        passed = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(1.5 * SHORT, passed.set_result, None)
        await passed
        going.set()
        assert [chunk async for chunk in reply] == [TextChunk("morning."), Finish("stop", 7, 3)]


async def words_for_ever(exchange: Exchange) -> None:
    await exchange.head()
    while True:
        await exchange.text("word ")
        await asyncio.sleep(0.001)


async def test_closing_the_reply_closes_the_connection_at_once() -> None:
    async with talking(words_for_ever) as (model, stub):
        before = asyncio.all_tasks()
        async with aclosing(model.stream(HELLO)) as reply:
            assert await anext(reply) == TextChunk("word ")
        await stub.idle()
        assert not stub.open
        assert asyncio.all_tasks() == before


@pytest.mark.parametrize("script", [silent, silent_after_the_head, words_for_ever])
async def test_cancelling_the_task_closes_the_connection_and_leaves_nothing(script: Script) -> None:
    async with talking(script) as (model, stub):
        before = asyncio.all_tasks()
        reading = asyncio.ensure_future(said(model))
        await stub.called.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await stub.idle()
        assert not stub.open
        assert asyncio.all_tasks() == before


async def test_no_generator_is_left_to_the_garbage_collector() -> None:
    left: list[object] = []
    hooks = sys.get_asyncgen_hooks()
    async with talking(words_for_ever) as (model, _):
        sys.set_asyncgen_hooks(finalizer=left.append)
        try:
            async with aclosing(model.stream(HELLO)) as reply:
                assert await anext(reply) == TextChunk("word ")
        finally:
            sys.set_asyncgen_hooks(*hooks)
        assert left == []


async def test_a_body_that_ends_after_its_last_event_leaves_the_connection_for_the_next() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("Good.")
        await exchange.stop()
        await finished.wait()
        await exchange.end()

    finished = asyncio.Event()
    async with talking(script, whole) as (model, stub):
        async for chunk in model.stream(HELLO):
            if isinstance(chunk, Finish):
                finished.set()
        assert await said(model) == ("Good morning.", Finish("stop", 7, 3))
        assert (len(stub.asked), stub.connections) == (2, 1)


async def test_a_body_that_never_ends_does_not_keep_the_reply_from_ending() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.text("Good.")
        await exchange.stop()
        await exchange.silence()

    async with talking(script, limits=ProviderLimits(linger_seconds=SHORT)) as (model, stub):
        assert await said(model) == ("Good.", Finish("stop", 7, 3))
        await stub.idle()


async def test_after_any_failure_the_model_answers_the_next_question() -> None:
    scripts = [script for script, _ in BROKEN.values()]
    async with talking(*scripts, whole) as (model, _):
        for _ in scripts:
            assert isinstance((await said(model))[1], ModelFailedError)
        assert await said(model) == ("Good morning.", Finish("stop", 7, 3))
