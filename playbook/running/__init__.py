"""Run a notebook and take its answers out: the warm sandbox, or a fresh Jupyter kernel."""
