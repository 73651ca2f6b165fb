"""The session: a pure state machine, and the thin skins around it."""
