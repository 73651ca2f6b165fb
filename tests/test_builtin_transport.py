import asyncio
from collections.abc import Iterable

import httpx2
import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from backend.llm.builtin.transport import BuiltinTransport, builtin_client
from backend.prompting import record

LINE = record({"name": "Ana Ruiz", "checking_balance": 12.5}, "banking", "2026-01-15")
SYSTEM = f"<customer_record>\n{LINE}\n</customer_record>"
ASKED: list[ChatCompletionMessageParam] = [
    {"role": "system", "content": SYSTEM},
    {"role": "user", "content": "checking balance"},
]
SAID = "Ana, you have $12.50 in your checking account."


async def streamed(messages: Iterable[ChatCompletionMessageParam]) -> list[str]:
    async with builtin_client() as client:
        stream = await client.chat.completions.create(model="any", messages=messages, stream=True)
        return [
            chunk.choices[0].delta.content
            async for chunk in stream
            if chunk.choices and chunk.choices[0].delta.content
        ]


async def test_the_answer_comes_word_by_word() -> None:
    pieces = await streamed(ASKED)
    assert "".join(pieces) == SAID
    assert len(pieces) == len(SAID.split())


async def test_the_stream_ends_with_a_reason_and_the_counts_that_were_asked_for() -> None:
    async with builtin_client() as client:
        stream = await client.chat.completions.create(
            model="any", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
    reasons = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices]
    assert reasons[-1] == "stop"
    assert set(reasons[:-1]) == {None}
    usage = chunks[-1].usage
    assert usage is not None
    assert usage.completion_tokens == len(SAID.split())
    assert usage.prompt_tokens == len(SYSTEM.split()) + 2
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


async def test_no_counts_come_unasked() -> None:
    async with builtin_client() as client:
        stream = await client.chat.completions.create(model="any", messages=ASKED, stream=True)
        assert [chunk.usage async for chunk in stream if chunk.usage] == []


async def test_an_answer_can_come_whole() -> None:
    async with builtin_client() as client:
        whole = await client.chat.completions.create(model="any", messages=ASKED)
    assert whole.choices[0].message.content == SAID
    assert whole.choices[0].finish_reason == "stop"
    assert whole.usage is not None
    assert whole.usage.completion_tokens == len(SAID.split())


async def test_same_request_same_bytes() -> None:
    bodies = []
    for _ in range(2):
        async with httpx2.AsyncClient(transport=BuiltinTransport()) as client:
            answer = await client.post(
                "http://builtin.invalid/v1/chat/completions",
                json={"model": "any", "messages": ASKED, "stream": True},
            )
            bodies.append(answer.content)
    assert bodies[0] == bodies[1]
    assert bodies[0].endswith(b"data: [DONE]\n\n")


async def test_it_pauses_only_where_a_pace_is_set() -> None:
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    async with builtin_client(0, note) as client:
        await client.chat.completions.create(model="any", messages=ASKED, stream=True)
    assert pauses == []
    async with builtin_client(20, note) as client:
        stream = await client.chat.completions.create(model="any", messages=ASKED, stream=True)
        assert [chunk async for chunk in stream]
    assert set(pauses) == {0.02}
    assert len(pauses) == len(SAID.split()) - 1


async def test_a_reader_that_leaves_stops_the_pauses() -> None:
    started = asyncio.Event()

    async def for_ever(_seconds: float) -> None:
        started.set()
        await asyncio.Event().wait()

    async with asyncio.timeout(10), builtin_client(20, for_ever) as client:
        stream = await client.chat.completions.create(model="any", messages=ASKED, stream=True)

        async def read() -> None:
            async for _ in stream:
                pass

        reading = asyncio.create_task(read())
        await started.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await stream.close()


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"not json", "expected"),
        (b"[]", "an object with messages, not an array"),
        (b"{}", "a list of at least one message, not null"),
        (b'{"messages": []}', "a list of at least one message"),
        (b'{"messages": [{"role": "user"}]}', "role and content, both text"),
        (b'{"messages": ["hello"]}', "role and content, both text"),
    ],
)
async def test_a_request_that_can_not_be_read_is_refused(body: bytes, sentence: str) -> None:
    async with httpx2.AsyncClient(transport=BuiltinTransport()) as client:
        answer = await client.post("http://builtin.invalid/v1/chat/completions", content=body)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]["message"]


async def test_content_in_parts_is_read() -> None:
    parts: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": [{"type": "text", "text": SYSTEM}]},
        {"role": "user", "content": [{"type": "text", "text": "checking balance"}]},
    ]
    assert "".join(await streamed(parts)) == SAID


async def test_other_paths_are_not_served() -> None:
    async with builtin_client() as client:
        with pytest.raises(openai.NotFoundError):
            await client.models.list()


async def test_without_a_record_nothing_is_claimed() -> None:
    pieces = await streamed([{"role": "user", "content": "checking balance"}])
    assert "I don't have a customer's record" in "".join(pieces)
