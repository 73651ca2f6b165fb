"""Chainlit's bare session: ``chainlit run --headless`` with nothing to say at its start."""

import chainlit as cl  # type: ignore[import-not-found]  # of .venv-bench


@cl.on_message  # type: ignore[untyped-decorator]
async def answer(message: cl.Message) -> None:
    """Send back what comes."""
    await cl.Message(content=message.content).send()
