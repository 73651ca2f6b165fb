"""Data sets: tables of customers from anywhere, and the signals measured from them."""
