"""Walk-in: every chat session is a customer who just walked in."""
