"""The nouns: frozen, and without logic."""
