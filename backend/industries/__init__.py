"""The industries: one folder a mode, all of one shape (``shape.Mode``)."""
