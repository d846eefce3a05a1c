"""Parts of the browser benchmark: a stock JupyterLite beside ours, a server that counts, a stop-watch."""
