"""Grading: run a notebook, mark its answers, keep the gradebook, report."""
