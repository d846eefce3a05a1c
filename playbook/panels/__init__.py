"""Panels: one ipywidgets panel per chapter, a thin view over market/."""
