"""The site: the book and the browser edition."""
