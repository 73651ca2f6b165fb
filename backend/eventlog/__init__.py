"""Event logs: the latest frames of live conversations, for clients that come back."""
