"""The model that answers when no other is configured.

It stands behind the same ``openai`` client as any provider, by an in-process transport, and sees
nothing but the request: the record between the marks of the system message, and the messages.
"""
