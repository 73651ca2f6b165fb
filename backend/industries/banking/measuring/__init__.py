"""The kernels of the signals, by theme; `signals.py` puts them together."""
