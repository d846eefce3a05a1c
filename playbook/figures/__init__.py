"""Figures for reading: pure functions from DataFrames to matplotlib figures."""
