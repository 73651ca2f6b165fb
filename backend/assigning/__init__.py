"""Personas assigned in bulk, on demand and from a store, and kept with their reasons."""
