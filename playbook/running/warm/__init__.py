"""The warm runner: one parent process with the scientific stack imported, a fresh sandboxed fork per notebook."""
