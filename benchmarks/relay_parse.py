"""CPU per streamed token: the plain SDK loop beside this project's reading of the same stream.

Run: ``python benchmarks/relay_parse.py [--tokens 2000] [--pace-ms 1] [--rounds 5] [--replies 1]``.
The stub provider runs in a process of its own; what is counted is this process's CPU (user and
system), the rounds interleaved, the best of each quoted.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from openai import AsyncOpenAI, DefaultAioHttpClient

from backend.clock import SystemClock
from backend.llm.openai import OpenAIModel, ProviderLimits, open_client
from backend.ports import ChatMessage, TextChunk

ROOT = Path(__file__).parent.parent
STUB = ROOT / "tests" / "stubs" / "provider.py"


async def sdk_loop(client: AsyncOpenAI) -> int:
    """Read one reply as the SDK's own examples do; return its length."""
    length = 0
    stream = await client.chat.completions.create(
        model="stub",
        messages=[{"role": "user", "content": "hello"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    async for chunk in stream:
        if chunk.choices and (text := chunk.choices[0].delta.content):
            length += len(text)
    return length


async def walkin_loop(model: OpenAIModel) -> int:
    """Read one reply through the port; return its length."""
    length = 0
    async with aclosing(model.stream([ChatMessage("user", "hello")])) as reply:
        async for chunk in reply:
            if isinstance(chunk, TextChunk):
                length += len(chunk.text)
    return length


async def cpu(read: Callable[[], Awaitable[int]], tokens: int, replies: int) -> float:
    """Return the CPU microseconds a token of so many replies at once."""
    began = time.process_time()
    lengths = await asyncio.gather(*(read() for _ in range(replies)))
    spent = time.process_time() - began
    if min(lengths) < tokens:
        raise SystemExit(f"only {min(lengths)} characters of {tokens} tokens came")
    return spent / tokens / replies * 1e6


async def compare(url: str, tokens: int, rounds: int, replies: int) -> dict[str, float]:
    """Return the best of ``rounds`` for each way of reading."""
    plain = AsyncOpenAI(api_key="none", base_url=url)
    plain_aio = AsyncOpenAI(api_key="none", base_url=url, http_client=DefaultAioHttpClient())
    model = OpenAIModel(open_client(None, url), "stub", ProviderLimits(), SystemClock())
    ways: dict[str, Callable[[], Awaitable[int]]] = {
        "SDK loop": lambda: sdk_loop(plain),
        "SDK loop over aiohttp": lambda: sdk_loop(plain_aio),
        "Walk-in": lambda: walkin_loop(model),
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, read in ways.items():
            best[name] = min(best[name], await cpu(read, tokens, replies))
    for client in (plain, plain_aio, model):
        await client.close()
    return best


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=int, default=2000)
    parser.add_argument("--pace-ms", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--replies", type=int, default=1, help="how many at once")
    options = parser.parse_args()
    command = [sys.executable, str(STUB), "--tokens", str(options.tokens)]
    command += ["--pace-ms", str(options.pace_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as stub:
        if stub.stdout is None:
            raise SystemExit("the stub has no output")
        try:
            url = stub.stdout.readline().strip()
            best = asyncio.run(compare(url, options.tokens, options.rounds, options.replies))
        finally:
            stub.terminate()
    for name, spent in best.items():
        print(f"{name:<24}{spent:8.1f} us/token {best['SDK loop'] / spent:6.1f} times less")


if __name__ == "__main__":
    main()
