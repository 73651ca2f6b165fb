"""Populations: customers in bulk as files, and the scorecard that compares them with real ones."""
