"""What Walk-in is measured against at the bottom: FastAPI sockets that do next to nothing.

Run: ``python benchmarks/servers/bare.py PORT [PROVIDER_URL]``. ``/session`` accepts and sends one
small JSON; ``/echo`` sends back what comes; ``/faker`` makes a customer row by row, as a first
sketch would, and sends it; ``/relay`` and ``/relay-aiohttp`` answer a message with the tokens of
the provider, by the loop of the SDK's own examples.
"""

import json
import sys
from datetime import date, timedelta

import uvicorn
from faker import Faker
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from openai import AsyncOpenAI, DefaultAioHttpClient
from pydantic import BaseModel

app = FastAPI()


@app.websocket("/session")
async def session(socket: WebSocket) -> None:
    """Accept, say that the session is ready, and wait for the end."""
    await socket.accept()
    await socket.send_json({"type": "session.ready", "session_id": socket.query_params.get("id")})
    await _read_to_the_end(socket)


@app.websocket("/echo")
async def echo(socket: WebSocket) -> None:
    """Send back what comes."""
    await socket.accept()
    try:
        while True:
            await socket.send_json(await socket.receive_json())
    except WebSocketDisconnect:
        pass


# --- a customer row by row --------------------------------------------------------------------


class Movement(BaseModel):
    """One line of an account."""

    date: date
    description: str
    amount: float
    merchant: str
    category: str


class Customer(BaseModel):
    """A customer of a bank."""

    name: str
    address: str
    job: str
    phone: str
    checking_balance: float
    transactions: list[Movement]


@app.websocket("/faker")
async def faker(socket: WebSocket) -> None:
    """Make 180 days of a customer by Faker, one field after the other, and send them."""
    await socket.accept()
    await socket.send_text(_customer(int(socket.query_params.get("id", "0"))).model_dump_json())
    await _read_to_the_end(socket)


def _customer(seed: int) -> Customer:
    fake = Faker("en_US")
    fake.seed_instance(seed)
    last = date(2026, 1, 15)
    movements = [
        Movement(
            date=last - timedelta(days=fake.random_int(0, 179)),
            description=fake.bs(),
            amount=fake.pyfloat(min_value=1, max_value=400, right_digits=2),
            merchant=fake.company(),
            category=fake.random_element(("debit", "credit")),
        )
        for _ in range(180)
    ]
    movements.sort(key=lambda movement: movement.date)
    return Customer(
        name=fake.name(),
        address=fake.address(),
        job=fake.job(),
        phone=fake.phone_number(),
        checking_balance=fake.pyfloat(min_value=500, max_value=9000, right_digits=2),
        transactions=movements,
    )


# --- a relay by the SDK's own loop ------------------------------------------------------------


@app.websocket("/relay")
async def relay(socket: WebSocket) -> None:
    """Answer each message through the SDK's client as it comes."""
    await _relay(socket, app.state.plain)


@app.websocket("/relay-aiohttp")
async def relay_aiohttp(socket: WebSocket) -> None:
    """Answer each message through the SDK's client over its aiohttp transport."""
    await _relay(socket, app.state.over_aiohttp)


async def _relay(socket: WebSocket, client: AsyncOpenAI) -> None:
    await socket.accept()
    try:
        while True:
            text = json.loads(await socket.receive_text())["text"]
            chunks = await client.chat.completions.create(
                model="stub", messages=[{"role": "user", "content": text}], stream=True
            )
            async for chunk in chunks:
                if chunk.choices and (token := chunk.choices[0].delta.content):
                    await socket.send_text(token)
            await socket.send_text("")
    except WebSocketDisconnect:
        pass


async def _read_to_the_end(socket: WebSocket) -> None:
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        pass


def main() -> None:
    """Serve; without a log a line, which would only make this side slower."""
    if len(sys.argv) > 2:
        url = sys.argv[2]
        app.state.plain = AsyncOpenAI(api_key="none", base_url=url)
        app.state.over_aiohttp = AsyncOpenAI(
            api_key="none", base_url=url, http_client=DefaultAioHttpClient()
        )
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")


if __name__ == "__main__":
    main()
