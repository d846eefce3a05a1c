"""Grading on many machines: hand-ins out, marks back, by way of a Dask scheduler; no shared disk."""
