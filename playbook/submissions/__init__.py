"""Hand-ins: from a folder, an archive or a platform's download to notebooks, each with its owner."""
