"""Stores: what outlives a socket."""
